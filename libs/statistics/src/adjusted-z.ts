import { checkFinite } from './factor.js';
import { log10PTwoSided } from './normal-tail.js';
import { bestOfPrimaries } from './multiple-testing.js';

/** Control pairs without which a recovered alignment has no null. */
export const FEWEST_CONTROLS = 5;

/** Controls that agree by luck do not make a statistic sharper than its own null. */
const SMALLEST_DEVIATION = 1;

/** A z held against control models that were treated alike. */
export interface AdjustedZ {
  /** (z − μ0)/(s0 √(1 + 1/n_c)). */
  readonly z: number;
  /** μ0. */
  readonly mean: number;
  /** s0, at least 1. */
  readonly deviation: number;
  readonly controls: number;
}

/**
 * z of a statistic whose alignment was learned, against the same statistic of independent control pairs (other
 * models of the same width, same data and same tokenizer among them): z_adj = (z − μ0)/(s0 √(1 + 1/n_c)), the
 * prediction interval of one more control, with s0 never below 1.
 *
 * @param controls z of the control pairs; those linked to the subject must be dropped by the caller, and named.
 * @returns null with fewer than five controls: uncalibrated, not clean.
 * @throws RangeError on a z that is not finite.
 */
export function adjustedZ(z: number, controls: readonly number[]): AdjustedZ | null {
  checkFinite('z', z);
  controls.forEach((value) => checkFinite('control z', value));
  const count = controls.length;
  if (count < FEWEST_CONTROLS) return null;
  const mean = sum(controls) / count;
  const spread = Math.sqrt(sum(controls.map((value) => (value - mean) ** 2)) / (count - 1));
  const deviation = Math.max(SMALLEST_DEVIATION, spread);
  return { z: (z - mean) / (deviation * Math.sqrt(1 + 1 / count)), mean, deviation, controls: count };
}

/** Blocks held one by one against a control's block at the same depth. */
export interface ControlMargins {
  /** (z_l − z_ctrl,l)/(s0 √2) of every block. */
  readonly margins: readonly number[];
  /** log10 p of the largest |margin|, Bonferroni over the blocks. */
  readonly log10P: number;
}

/**
 * Margins of a subject's blocks over a control's blocks at the same depths: independent models share depth-local
 * features, so z of a block is compared with z of that depth, not with 0.
 *
 * @param deviation s0, raised to 1 where it is smaller.
 * @returns null without blocks.
 * @throws RangeError when the numbers of blocks differ, or on a value that is not finite.
 */
export function controlMargins(
  blocks: readonly number[],
  controls: readonly number[],
  deviation: number,
): ControlMargins | null {
  if (blocks.length !== controls.length) {
    throw new RangeError(`${blocks.length} blocks against ${controls.length} of the control`);
  }
  const scale = Math.max(SMALLEST_DEVIATION, checkFinite('deviation', deviation)) * Math.SQRT2;
  const margins = blocks.map(
    (z, block) => (checkFinite('z', z) - checkFinite('control z', controls[block] ?? NaN)) / scale,
  );
  const log10P = bestOfPrimaries(margins.map(log10PTwoSided));
  return log10P === null ? null : { margins, log10P };
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
