import { checkCount, checkFinite } from './factor.js';
import { TIE_SHARE } from './permutation-tail.js';

/** Where the best value of a search lies among the best values of the same search on permuted data. */
export interface SelectionTail {
  readonly observed: number;
  /** Permutations whose best value is at least the observed one. */
  readonly exceed: number;
  /** Permutations drawn. */
  readonly permutations: number;
  /** One-sided; (1 + exceed)/(1 + permutations), or exceed/permutations where drawing stopped early. Never 0. */
  readonly p: number;
  readonly log10P: number;
  /** Mean of the permuted values. */
  readonly mean: number;
  /** Their standard deviation. */
  readonly deviation: number;
  /** (observed − mean)/deviation; describes, p decides. Null where the permuted values do not vary. */
  readonly z: number | null;
}

/** How many permutations a search is repeated on. */
export interface SelectionDraw {
  /** SHA-256 digest in hex. */
  readonly seed: string;
  /** At least 999 where the tail decides. */
  readonly permutations: number;
  /**
   * Stop once so many permuted values reach the observed one: p = exceed/drawn is exact too (Besag and Clifford
   * 1991), and a search that finds nothing costs a few dozen permutations.
   *
   * @default never
   */
  readonly stopAfter?: number;
}

/**
 * Tail of a statistic that was selected, as a best matching or a best path is: selection is repeated whole on every
 * permutation, so that what it gains by choice is in the null.
 *
 * @param observed best value of the search on the data.
 * @param permuted makes the best value of the search on the next permutation.
 * @throws RangeError on a value that is not finite or a count below one.
 */
export async function selectionTail(
  observed: number,
  draw: SelectionDraw,
  permuted: () => number | Promise<number>,
): Promise<SelectionTail> {
  checkFinite('observed value', observed);
  checkCount('permutations', draw.permutations, 1);
  const stopAfter = draw.stopAfter ?? Infinity;
  if (!(stopAfter >= 1)) throw new RangeError(`stopping after ${stopAfter} exceedances`);
  const bound = observed - TIE_SHARE * Math.abs(observed);
  const values: number[] = [];
  let exceed = 0;
  while (values.length < draw.permutations && exceed < stopAfter) {
    const value = checkFinite('permuted value', await permuted());
    values.push(value);
    if (value >= bound) exceed += 1;
  }
  const permutations = values.length;
  const p = exceed >= stopAfter ? exceed / permutations : (1 + exceed) / (1 + permutations);
  const mean = sum(values) / permutations;
  const deviation = Math.sqrt(
    sum(values.map((value) => (value - mean) ** 2)) / Math.max(1, permutations - 1),
  );
  return {
    observed,
    exceed,
    permutations,
    p,
    log10P: Math.log10(p),
    mean,
    deviation,
    z: deviation > TIE_SHARE * Math.abs(mean) ? (observed - mean) / deviation : null,
  };
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
