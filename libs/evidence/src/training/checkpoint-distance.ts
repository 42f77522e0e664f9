import type {
  Checkpoint,
  LogicalTensor,
  ObjectStore,
  PairSums,
  StoredTensor,
  TensorBackend,
} from '@jokbo/contracts';
import { mappedTensors, openElements } from './stored-elements.js';

/** A checkpoint whose elements can be read. */
export interface ReadableCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly store: ObjectStore;
}

/** Every element of a stored tensor in two checkpoints of one run. */
export interface TensorDistance {
  readonly earlier: StoredTensor;
  readonly later: StoredTensor;
  readonly parts: readonly LogicalTensor[];
  readonly sums: PairSums;
}

export interface CheckpointDistance {
  readonly tensors: readonly TensorDistance[];
  /** Stored names that only one of the two has, or that have another shape there. */
  readonly unmatched: readonly string[];
}

const NO_PAIRS: PairSums = {
  n: 0,
  sumA: 0,
  sumB: 0,
  sumAA: 0,
  sumBB: 0,
  sumAB: 0,
  sumSquaredDifference: 0,
  equal: 0,
  maxAbsDifference: 0,
};

/**
 * Sums over the elements of both checkpoints, tensor by tensor and by ranges: two pieces are in memory at a time.
 * Tensors are matched by their name on disk, which a run does not change; sharding may differ.
 */
export async function checkpointDistance(
  earlier: ReadableCheckpoint,
  later: ReadableCheckpoint,
  backend: TensorBackend,
  signal?: AbortSignal,
): Promise<CheckpointDistance> {
  const others = new Map(mappedTensors(later.checkpoint).map((entry) => [entry.stored.name, entry]));
  const readers = [
    openElements(earlier.checkpoint, earlier.store, signal),
    openElements(later.checkpoint, later.store, signal),
  ] as const;
  const tensors: TensorDistance[] = [];
  const unmatched: string[] = [];
  try {
    for (const { stored, parts } of mappedTensors(earlier.checkpoint)) {
      const other = others.get(stored.name);
      others.delete(stored.name);
      if (other === undefined || other.stored.shape.join('x') !== stored.shape.join('x')) {
        unmatched.push(stored.name);
        continue;
      }
      if (parts.some(({ scales }) => scales !== null)) continue;
      let sums = NO_PAIRS;
      const theirs = readers[1].pieces(other.stored);
      for await (const { view } of readers[0].pieces(stored)) {
        const next = await theirs.next();
        if (next.done === true) throw new RangeError('tensors of one shape have the same pieces');
        sums = plus(sums, await backend.pairSums(view, next.value.view));
      }
      tensors.push({ earlier: stored, later: other.stored, parts, sums });
    }
  } finally {
    for (const reader of readers) await reader.close();
  }
  return { tensors, unmatched: [...unmatched, ...others.keys()] };
}

function plus(a: PairSums, b: PairSums): PairSums {
  return {
    n: a.n + b.n,
    sumA: a.sumA + b.sumA,
    sumB: a.sumB + b.sumB,
    sumAA: a.sumAA + b.sumAA,
    sumBB: a.sumBB + b.sumBB,
    sumAB: a.sumAB + b.sumAB,
    sumSquaredDifference: a.sumSquaredDifference + b.sumSquaredDifference,
    equal: a.equal + b.equal,
    maxAbsDifference: Math.max(a.maxAbsDifference, b.maxAbsDifference),
  };
}

/** Cosine of all elements of two checkpoints; null where one of them is zero or not finite. */
export function cosineOf(distance: CheckpointDistance): number | null {
  let [ab, aa, bb] = [0, 0, 0];
  for (const { sums } of distance.tensors) {
    ab += sums.sumAB;
    aa += sums.sumAA;
    bb += sums.sumBB;
  }
  return Number.isFinite(ab) && aa > 0 && bb > 0 ? ab / (Math.sqrt(aa) * Math.sqrt(bb)) : null;
}
