import { type PairSums, type TensorView, UsageError } from '@jokbo/contracts';

import { EQUALITY } from './kernels.js';
import { matrixOf } from './matrix.js';
import { BLOCK_ELEMENTS } from './slot.js';
import { stageRange } from './stage.js';
import { STATE_BYTES, canonical, readPairState } from './states.js';
import type { BlockOperation } from './thread-pool.js';
import type { KernelCall } from './wasm-module.js';

/** The sums over nothing. */
export const NO_PAIRS: PairSums = {
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

function plus(a: PairSums, b: PairSums): PairSums {
  return {
    n: a.n + b.n,
    sumA: canonical(a.sumA + b.sumA),
    sumB: canonical(a.sumB + b.sumB),
    sumAA: canonical(a.sumAA + b.sumAA),
    sumBB: canonical(a.sumBB + b.sumBB),
    sumAB: canonical(a.sumAB + b.sumAB),
    sumSquaredDifference: canonical(a.sumSquaredDifference + b.sumSquaredDifference),
    equal: a.equal + b.equal,
    maxAbsDifference: Math.max(a.maxAbsDifference, b.maxAbsDifference),
  };
}

/**
 * The pair sums of two tensors as blocks of BLOCK_ELEMENTS elements, added in index order.
 * @throws UnsupportedDtype, MalformedCheckpoint, and UsageError if the element counts differ.
 */
export function pairSumsOperation(
  memory: Uint8Array,
  viewA: TensorView,
  viewB: TensorView,
): { operation: BlockOperation; bytes: number; result: () => PairSums } {
  const a = matrixOf(viewA);
  const b = matrixOf(viewB);
  if (a.count !== b.count) {
    throw new UsageError('pair sums need equal element counts', { value: `${a.count} and ${b.count}` });
  }
  const sameDtype = a.dtype === b.dtype;
  // Equal bits are those of the stored elements, which a scaled block no longer shows.
  const storedApart = sameDtype && (a.scales !== undefined || b.scales !== undefined);
  const equality = storedApart ? EQUALITY.none : sameDtype ? EQUALITY.bits : EQUALITY.values;
  let sums = NO_PAIRS;
  const operation: BlockOperation = {
    blocks: Math.ceil(a.count / BLOCK_ELEMENTS),
    stage(index, slot) {
      const start = index * BLOCK_ELEMENTS;
      const end = Math.min(a.count, start + BLOCK_ELEMENTS);
      const { work, state } = slot;
      memory.fill(0, state, state + STATE_BYTES);
      const x = stageRange(memory, a, start, end, {
        stored: slot.a,
        wide: slot.wideA,
        runs: slot.runsA,
        work,
      });
      const y = stageRange(memory, b, start, end, {
        stored: slot.b,
        wide: slot.wideB,
        runs: slot.runsB,
        work,
      });
      const count: KernelCall[] = storedApart
        ? [['countEqual', a.kind, slot.a, slot.b, end - start, state]]
        : [];
      const sum = [
        'pairSums',
        x.kind,
        x.pointer,
        y.kind,
        y.pointer,
        end - start,
        equality,
        state,
        work,
      ] as const;
      return [...x.calls, ...y.calls, ...count, sum];
    },
    reduce(_index, slot) {
      sums = plus(sums, readPairState(memory.buffer, slot.state));
    },
  };
  return { operation, bytes: a.bytes.length + b.bytes.length, result: () => sums };
}
