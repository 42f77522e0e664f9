import type { NullDraw } from './measure-nulls.js';

/** How draws of a null compare with a standard normal. */
export interface NullSummary {
  readonly draws: number;
  readonly mean: number;
  /** Root of the mean square around the mean. */
  readonly sd: number;
  /** median(z²)/.4549, 1 under the null (Devlin and Roeder 1999). */
  readonly lambda: number;
  readonly largest: number;
  readonly beyond4: number;
  readonly beyond6: number;
}

/** Median of a χ² variable of one degree of freedom. */
const CHI2_MEDIAN = 0.4549;

/** @throws RangeError of no draws at all. */
export function summariseNulls(draws: readonly Pick<NullDraw, 'z'>[]): NullSummary {
  if (draws.length === 0) throw new RangeError('no draws to summarise');
  const z = draws.map((draw) => draw.z);
  const mean = z.reduce((sum, value) => sum + value, 0) / z.length;
  const variance = z.reduce((sum, value) => sum + (value - mean) ** 2, 0) / z.length;
  const squares = z.map((value) => value * value).sort((a, b) => a - b);
  const half = Math.floor(squares.length / 2);
  const upper = squares[half] ?? 0;
  const median = squares.length % 2 === 1 ? upper : (upper + (squares[half - 1] ?? 0)) / 2;
  const beyond = (limit: number): number => z.filter((value) => Math.abs(value) >= limit).length;
  return {
    draws: z.length,
    mean,
    sd: Math.sqrt(variance),
    lambda: median / CHI2_MEDIAN,
    largest: z.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0),
    beyond4: beyond(4),
    beyond6: beyond(6),
  };
}
