import { linearAssignment } from './assignment.js';
import { checkCount, checkFactor, permuteUnits, type Factor } from './factor.js';
import { squaredNorm } from './matrix-products.js';
import { createRandom, identityPermutation, shuffle } from './random.js';
import { rowProducts } from './row-products.js';
import { selectionTail, type SelectionDraw, type SelectionTail } from './selection-tail.js';

/** Share of a row's squared norm below which what the mean leaves of it is rounding. */
const ALIKE = 1e-24;

/** The best matching of experts by their router rows. */
export interface MatchedMean {
  /** Expert of B for each expert of A. */
  readonly columnOfRow: Uint32Array;
  /** Mean cosine of the matched pairs. */
  readonly mean: number;
}

/**
 * Matches the rows of A to distinct rows of B by the largest sum of cosines. The mean over a side's rows, a direction
 * that routers share, is removed first; a row that is nothing but that mean has cosine 0 with every other.
 *
 * The mean of a *matched* set is positive under independence, about c(E)/√d ({@link matchedMeanNull}): it is no
 * evidence by itself, {@link matchedMeanTail} is. What was matched here must be tested on other tensors.
 *
 * @param a experts × residual dimensions.
 * @param b at least as many experts.
 * @returns null where a side has no direction left (a single expert, or all alike).
 * @throws RangeError when shapes do not fit or a value is not finite.
 */
export function matchedMean(a: Factor, b: Factor): MatchedMean | null {
  const sideA = expertDirections(a);
  const sideB = expertDirections(b);
  return sideA === null || sideB === null ? null : matchDirections(sideA, sideB);
}

/** The routers of one layer: experts × residual dimensions of either side, in any number. */
export interface RouterPair {
  readonly a: Factor;
  readonly b: Factor;
}

/**
 * Tail of the mean matched cosine over layers when B's residual dimensions are permuted, jointly in all layers, and
 * every assignment is made again (evidence of routers whose experts were shuffled). Exact: taking away the mean row
 * and scaling rows commute with the permutation, so both are done once.
 *
 * @param layers all over the same dimensions; one where a side has no direction left is left out.
 * @param draw at least 999 permutations; each costs E²·d multiplications and one assignment per layer.
 * @returns null where no layer is left.
 */
export async function matchedMeanTail(
  layers: readonly RouterPair[],
  draw: SelectionDraw,
): Promise<SelectionTail | null> {
  const sides = layers.flatMap(({ a, b }) => {
    const [sideA, sideB] = [expertDirections(a), expertDirections(b)];
    return sideA === null || sideB === null ? [] : [{ a: sideA, b: sideB }];
  });
  const [first] = sides;
  if (first === undefined) return null;
  const meanOf = (arrange: (b: Factor) => Factor): number =>
    sides.reduce((sum, { a, b }) => sum + matchFewer(a, arrange(b)).mean / sides.length, 0);
  const random = createRandom(draw.seed);
  const permutation = identityPermutation(first.b.units);
  const observed = meanOf((b) => b);
  return selectionTail(observed, draw, () => {
    shuffle(permutation, random);
    return meanOf((b) => permuteUnits(b, permutation));
  });
}

/** The side with fewer experts is matched; some of the other stay alone. */
function matchFewer(a: Factor, b: Factor): MatchedMean {
  return a.features > b.features ? matchDirections(b, a) : matchDirections(a, b);
}

/** Mean of the largest-sum assignment of an E × E matrix of i.i.d. standard normal numbers, and its deviation. */
const NULL_TABLE: readonly (readonly [experts: number, mean: number, deviation: number])[] = [
  [8, 1.204, 0.203],
  [16, 1.557, 0.127],
  [32, 1.874, 0.08],
  [64, 2.167, 0.051],
  [128, 2.432, 0.033],
  [160, 2.515, 0.028],
  [192, 2.58, 0.026],
  [256, 2.679, 0.021],
  [384, 2.81, 0.017],
];

/**
 * What the matched mean of cosines is for independent isotropic experts: c(E)/√d by simulation, between table entries
 * by interpolation in ln E. Context for a printed cosine; trained routers are not isotropic.
 *
 * @param removed whether the mean row was taken from either side, as {@link matchedMean} does: what is left of the
 *   rows is shorter by √(1 − 1/E), so cosines are larger by 1/(1 − 1/E).
 * @returns null outside 8 .. 384 experts.
 */
export function matchedMeanNull(
  experts: number,
  dimensions: number,
  removed = false,
): { readonly mean: number; readonly deviation: number } | null {
  checkCount('experts', experts, 1);
  checkCount('dimensions', dimensions, 1);
  const above = NULL_TABLE.findIndex(([size]) => size >= experts);
  const high = NULL_TABLE[above];
  const low = NULL_TABLE[Math.max(0, above - 1)];
  if (high === undefined || low === undefined || low[0] > experts) return null;
  const share = high[0] === low[0] ? 1 : Math.log(experts / low[0]) / Math.log(high[0] / low[0]);
  const between = (from: number, to: number): number => from + share * (to - from);
  const scale = (removed ? 1 / (1 - 1 / experts) : 1) / Math.sqrt(dimensions);
  return { mean: scale * between(low[1], high[1]), deviation: scale * between(low[2], high[2]) };
}

function matchDirections(a: Factor, b: Factor): MatchedMean {
  const cosines = { values: rowProducts(a, b), rows: a.features, columns: b.features };
  const { columnOfRow, total } = linearAssignment(cosines, 'maximum');
  return { columnOfRow, mean: total / a.features };
}

/** Rows without the mean row, of unit norm; null when nothing is left of any. */
function expertDirections(factor: Factor): Factor | null {
  checkFactor(factor);
  const { features, units } = factor;
  const mean = new Float64Array(units);
  factor.values.forEach((value, at) => (mean[at % units] = (mean[at % units] ?? NaN) + value / features));
  const values = Float64Array.from(factor.values, (value, at) => value - (mean[at % units] ?? NaN));
  let defined = 0;
  for (let row = 0; row < features; row += 1) {
    const direction = values.subarray(row * units, (row + 1) * units);
    const before = squaredNorm(factor.values.subarray(row * units, (row + 1) * units));
    const norm = squaredNorm(direction);
    if (!Number.isFinite(norm)) throw new RangeError(`squared norm of expert ${row} is not finite`);
    const kept = norm > ALIKE * before;
    direction.forEach((value, unit) => (direction[unit] = kept ? value / Math.sqrt(norm) : 0));
    if (kept) defined += 1;
  }
  return defined === 0 ? null : { values, features, units };
}
