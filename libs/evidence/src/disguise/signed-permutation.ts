import type { TensorBackend } from '@jokbo/contracts';
import { linearAssignment, type Factor } from '@jokbo/statistics';
import type { Frame } from './frame.js';
import { productOfRows, transposed, unitRows } from './matrix-product.js';
import type { SharedTokens } from './shared-tokens.js';

/** Which residual dimension of either side stands for which, with signs. */
export interface SignedPermutation {
  /** Dimensions that are matched: all of the narrower side. */
  readonly units: number;
  /** Dimension of the subject for each unit; the identity where the subject is the narrower side. */
  readonly own: Uint32Array;
  readonly other: Uint32Array;
  /** 1 or −1: what the reference's dimension is multiplied by. */
  readonly signs: Int8Array;
  /** Mean |cosine| of matched columns. */
  readonly meanCosine: number;
}

/**
 * Permutation and signs of the residual dimensions from embeddings of shared tokens alone: linear assignment of largest
 * Σ |cosine| of the columns, rectangular where one side was pruned (Zeng et al. 2025, AWM, arXiv 2510.06738, first
 * step). Columns are not centred: a mean token direction is as much a trace of the order as any other.
 */
export async function signedPermutation(
  { own, other }: SharedTokens,
  backend: TensorBackend,
): Promise<SignedPermutation> {
  const narrowFirst = own.units <= other.units;
  const [narrow, wide] = narrowFirst ? [own, other] : [other, own];
  const [rows, columns] = [unitColumns(narrow), unitColumns(wide)];
  const cosines = await productOfRows(rows, columns, backend);
  const costs = { values: cosines.map(Math.abs), rows: narrow.units, columns: wide.units };
  const { columnOfRow, total } = linearAssignment(costs, 'maximum');
  const signs = Int8Array.from(columnOfRow, (column, row) =>
    (cosines[row * wide.units + column] ?? NaN) < 0 ? -1 : 1,
  );
  const identity = Uint32Array.from(columnOfRow, (_, row) => row);
  return {
    units: narrow.units,
    own: narrowFirst ? identity : columnOfRow,
    other: narrowFirst ? columnOfRow : identity,
    signs,
    meanCosine: total / narrow.units,
  };
}

function unitColumns(factor: Factor): Factor {
  return unitRows(transposed(factor), false);
}

/** The frame in which matched dimensions stand beside each other. Norm weights have no sign. */
export function permutationFrame(permutation: SignedPermutation, signed = true): Frame {
  const { units, own, other, signs } = permutation;
  const gather = (factor: Factor, from: Uint32Array, sign: Int8Array | null): Factor => {
    const values = new Float64Array(factor.features * units);
    for (let feature = 0; feature < factor.features; feature += 1) {
      for (let unit = 0; unit < units; unit += 1) {
        const value = factor.values[feature * factor.units + (from[unit] ?? NaN)] ?? NaN;
        values[feature * units + unit] = sign === null ? value : value * (sign[unit] ?? NaN);
      }
    }
    return { values, features: factor.features, units };
  };
  return {
    units,
    own: (factor) => Promise.resolve(gather(factor, own, null)),
    other: (factor) => Promise.resolve(gather(factor, other, signed ? signs : null)),
  };
}
