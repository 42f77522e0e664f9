import type { Random } from '@jokbo/statistics';
import { softmaxInPlace } from '../forward/linear.js';
import { dimensionsOf } from '../model/dimensions.js';
import { mapTensors, type Model } from '../model/model.js';
import { createAdam } from './adam.js';
import { denseNetwork, type LogitGradient } from './dense-network.js';

/** How a student is trained on the outputs of a teacher. */
export interface DistilOptions {
  readonly steps: number;
  readonly rate: number;
  /** Tensors that keep their values. */
  readonly frozen?: ReadonlySet<string>;
  readonly sequences?: number;
  readonly positions?: number;
}

/** A trained student, and how far it came. */
export interface Distilled {
  readonly model: Model;
  /** Mean Kullback–Leibler divergence of the student from the teacher, in nats a token, of every step. */
  readonly losses: readonly number[];
}

/** Share of the steps in which the rate rises. */
const WARM_UP = 0.1;

/**
 * Trains every tensor of the student that is not frozen to give the teacher's next-token distribution on random
 * tokens (Hinton et al. 2015), with Adam, a linear warm-up and a cosine decay. Student and teacher share a
 * vocabulary; both are dense with tied embeddings.
 */
export function distil(student: Model, teacher: Model, options: DistilOptions, random: Random): Distilled {
  const { steps, rate, frozen = new Set(), sequences = 3, positions = 32 } = options;
  const { vocabulary } = dimensionsOf(teacher);
  const shape = { sequences, positions };
  const parameters = new Map([...student.tensors].map(([name, { values }]) => [name, values.slice()]));
  const [network, oracle] = [denseNetwork(student, shape), denseNetwork(teacher, shape)];
  const taught = new Map([...teacher.tensors].map(([name, { values }]) => [name, values]));
  const adam = createAdam(parameters, frozen);
  const losses: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    const tokens = Array.from({ length: sequences * positions }, () => random.below(vocabulary));
    const target = rowwiseSoftmax(oracle.logits(taught, tokens), vocabulary);
    const { loss, gradients } = network.gradients(parameters, tokens, divergence(target, vocabulary));
    losses.push(loss);
    const done = (step + 1) / steps;
    const decay = 0.5 * (1 + Math.cos(Math.PI * done));
    adam(gradients, rate * Math.min(1, done / WARM_UP) * decay);
  }
  const model = mapTensors(student, (tensor, name) => ({
    ...tensor,
    values: parameters.get(name) ?? tensor.values,
  }));
  return { model, losses };
}

function rowwiseSoftmax(logits: Float64Array, width: number): Float64Array {
  for (let from = 0; from < logits.length; from += width) softmaxInPlace(logits.subarray(from, from + width));
  return logits;
}

/** Mean KL divergence of softmax(logits) from the target rows, and its gradient (q − p)/rows. */
export function divergence(target: Float64Array, width: number): LogitGradient {
  const rows = target.length / width;
  return (logits) => {
    const own = rowwiseSoftmax(logits.slice(), width);
    let loss = 0;
    const gradient = target.map((p, at) => {
      const q = own[at] ?? NaN;
      loss += p === 0 ? 0 : p * Math.log(p / q);
      return (q - p) / rows;
    });
    return { loss: loss / rows, gradient };
  };
}
