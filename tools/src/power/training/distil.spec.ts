import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { logits } from '../forward/logits.js';
import type { Model } from '../model/model.js';
import { EMBEDDING } from '../model/names.js';
import { readModel } from '../model/read-model.js';
import { seededRandom } from '../model/seeded-random.js';
import { initialModel } from '../transformations/unrelated-look-alikes.js';
import { selectLayers } from '../transformations/select-layers.js';
import { denseNetwork, type Parameters } from './dense-network.js';
import { distil, divergence } from './distil.js';

let teacher: Model;
let student: Model;
beforeAll(async () => {
  teacher = await readModel(
    fileURLToPath(new URL('../../../../test/zoo/refs/llama-mini-s0', import.meta.url)),
  );
  student = selectLayers(initialModel(teacher, seededRandom('student')), [0], seededRandom('unused'));
});

const parametersOf = (model: Model): Parameters =>
  new Map([...model.tensors].map(([name, { values }]) => [name, values.slice()]));
const TOKENS = Array.from({ length: 12 }, (_, at) => (at * 37) % 512);

describe('denseNetwork', () => {
  it('gives the logits of the plain forward pass, sequence by sequence', () => {
    const network = denseNetwork(teacher, { sequences: 2, positions: 6 });
    const both = network.logits(parametersOf(teacher), TOKENS);
    const plain = [...logits(teacher, TOKENS.slice(0, 6)), ...logits(teacher, TOKENS.slice(6))];
    expect(both).toHaveLength(plain.length);
    plain.forEach((value, at) => expect(Math.abs(value - (both[at] ?? NaN))).toBeLessThan(1e-9));
  });

  it('gives the gradients that finite differences give, for one element of every tensor', () => {
    const network = denseNetwork(teacher, { sequences: 2, positions: 6 });
    const target = new Float64Array(12 * 512).fill(1 / 512);
    const parameters = parametersOf(teacher);
    const lossOf = (): number => network.gradients(parameters, TOKENS, divergence(target, 512)).loss;
    const { gradients } = network.gradients(parameters, TOKENS, divergence(target, 512));
    const step = 1e-5;
    for (const [name, values] of parameters) {
      if (/layers\.[12]/.test(name)) continue;
      const at = name === EMBEDDING ? 37 * 128 + 5 : Math.floor(values.length / 3);
      const kept = values[at] ?? NaN;
      values[at] = kept + step;
      const above = lossOf();
      values[at] = kept - step;
      const below = lossOf();
      values[at] = kept;
      const slope = (above - below) / (2 * step);
      const gradient = gradients.get(name)?.[at] ?? NaN;
      expect(gradient, name).not.toBe(0);
      expect(Math.abs(gradient - slope), name).toBeLessThan(1e-6 * Math.max(1e-2, Math.abs(slope)) + 1e-9);
    }
  });
});

describe('distil', () => {
  const options = { steps: 30, rate: 3e-3, sequences: 2, positions: 12, frozen: new Set([EMBEDDING]) };

  it('brings a student of an independent seed towards the teacher, and leaves frozen tensors as they are', () => {
    const { model, losses } = distil(student, teacher, options, seededRandom('tokens'));
    const mean = (part: readonly number[]): number => part.reduce((sum, loss) => sum + loss, 0) / part.length;
    expect(mean(losses.slice(-5))).toBeLessThan(0.9 * mean(losses.slice(0, 5)));
    expect(model.tensors.get(EMBEDDING)).toEqual(student.tensors.get(EMBEDDING));
    const name = 'model.layers.0.mlp.up_proj.weight';
    expect(model.tensors.get(name)).not.toEqual(student.tensors.get(name));
  });

  it('gives the same student again', () => {
    const short = { ...options, steps: 3 };
    const [a, b] = [1, 2].map(() => distil(student, teacher, short, seededRandom('tokens')));
    expect(a).toEqual(b);
  });
});
