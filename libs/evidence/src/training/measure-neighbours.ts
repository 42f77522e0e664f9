import type { Component, TensorBackend } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import type { DeclaredOptimiser } from '@jokbo/models';
import {
  checkpointDistance,
  cosineOf,
  type ReadableCheckpoint,
  type TensorDistance,
} from './checkpoint-distance.js';
import { componentScores, jointTraceOfModels, type JointScore } from './joint-score.js';
import type { LearningRate } from './learning-rate.js';
import { isMuonMatrix, knownUpdateScale, muonStepRatio } from './muon-step-ratio.js';
import { optimiserReach, type OptimiserReach } from './optimiser-reach.js';
import { adamStepRatio, isOptimised } from './step-ratio.js';
import { largest } from './training-test.js';
import { untracedTensors } from './untraced-tensors.js';

/** One checkpoint with all that the tests read of it. */
export interface TrajectoryCheckpoint {
  readonly step: number;
  readonly data: ModelData;
  /** Null where a fingerprint stands for the weights. */
  readonly readable: ReadableCheckpoint | null;
}

/** Two neighbouring checkpoints. */
export interface NeighbourMeasurement {
  readonly from: number;
  readonly to: number;
  readonly joint: JointScore | null;
  /** Keys of tensors without a trace of their predecessor, though others of their role show theirs. */
  readonly untraced: readonly string[];
  readonly components: readonly { readonly component: Component; readonly score: JointScore | null }[];
  /** Of all elements. */
  readonly cosine: number | null;
  /** Largest movement over what the optimiser can do, and in which tensor; null where it has no known bound. */
  readonly stepRatio: number | null;
  readonly stepRatioAt: string | null;
  readonly tensorsBounded: number;
  /** Tensors without a bound: updated by something else, of another format, or too large for it. */
  readonly tensorsUnbounded: number;
  readonly unmatched: readonly string[];
  /** No element differs. */
  readonly unmoved: boolean;
}

export interface NeighbourOptions {
  readonly optimiser: DeclaredOptimiser | null;
  readonly rate: LearningRate | null;
  readonly backend: TensorBackend;
  readonly signal?: AbortSignal | undefined;
}

/** What the elements of two checkpoints say about the way between them. */
type ElementMeasurement = Omit<NeighbourMeasurement, 'from' | 'to' | 'joint' | 'untraced' | 'components'>;

const UNREAD: ElementMeasurement = {
  cosine: null,
  stepRatio: null,
  stepRatioAt: null,
  tensorsBounded: 0,
  tensorsUnbounded: 0,
  unmatched: [],
  unmoved: false,
};

/** Measures one piece of the path: all elements of both checkpoints by range, and the trace of their fingerprints. */
export async function measureNeighbours(
  earlier: TrajectoryCheckpoint,
  later: TrajectoryCheckpoint,
  options: NeighbourOptions,
): Promise<NeighbourMeasurement> {
  const { backend, signal } = options;
  const { joint, blocks } = await jointTraceOfModels(earlier.data, later.data, backend, { signal });
  return {
    from: earlier.step,
    to: later.step,
    joint,
    untraced: untracedTensors(blocks),
    components: await componentScores(earlier.data, later.data, backend, signal),
    ...(await measureElements(earlier, later, options)),
  };
}

async function measureElements(
  earlier: TrajectoryCheckpoint,
  later: TrajectoryCheckpoint,
  options: NeighbourOptions,
): Promise<ElementMeasurement> {
  const { optimiser, rate, backend, signal } = options;
  const [a, b] = [earlier.readable, later.readable];
  if (a === null || b === null) return UNREAD;
  const distance = await checkpointDistance(a, b, backend, signal);
  const reach =
    optimiser === null || rate === null ? null : optimiserReach(optimiser, rate, earlier.step, later.step);
  const bound = optimiser === null ? null : stepBound(optimiser, options);
  const ratio = largest();
  let tensorsBounded = 0;
  for (const tensor of distance.tensors) {
    if (bound === null || reach === null || !isOptimised(tensor)) continue;
    const own = await bound(tensor, reach, { a, b, earlier, later });
    if (own === null) continue;
    ratio.add(own, tensor.earlier.name);
    tensorsBounded += 1;
  }
  return {
    cosine: cosineOf(distance),
    stepRatio: ratio.value,
    stepRatioAt: ratio.at,
    tensorsBounded,
    tensorsUnbounded: distance.tensors.length - tensorsBounded,
    unmatched: distance.unmatched,
    unmoved: distance.tensors.length > 0 && distance.tensors.every(({ sums }) => sums.equal === sums.n),
  };
}

/** Movement of one tensor over what an optimiser can do. */
type StepBound = (
  tensor: TensorDistance,
  reach: OptimiserReach,
  ends: {
    readonly a: ReadableCheckpoint;
    readonly b: ReadableCheckpoint;
    readonly earlier: TrajectoryCheckpoint;
    readonly later: TrajectoryCheckpoint;
  },
) => Promise<number | null>;

/** The bound of an optimiser by its name; null for one without a known bound. */
function stepBound(optimiser: DeclaredOptimiser, { backend, signal }: NeighbourOptions): StepBound | null {
  const adam: StepBound = (tensor, reach, { earlier, later }) =>
    Promise.resolve(adamStepRatio(tensor, reach, earlier.data, later.data));
  if (/^(?:fused ?)?adamw?$/i.test(optimiser.name)) return adam;
  if (!/^muon$/i.test(optimiser.name) || !knownUpdateScale(optimiser.updateScale)) return null;
  return (tensor, reach, ends) =>
    isMuonMatrix(tensor)
      ? muonStepRatio(tensor, [ends.a, ends.b], reach, optimiser.updateScale, backend, signal)
      : adam(tensor, reach, ends);
}
