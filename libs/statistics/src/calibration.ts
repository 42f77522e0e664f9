import { inflation } from './effect-size.js';
import { checkFinite } from './factor.js';

/** Median of χ² with one degree of freedom. */
const CHI_SQUARED_MEDIAN = 0.4549;

/**
 * Variance inflation λ = median(z²)/.4549 of independent pairs (Devlin and Roeder 1999); null without any z.
 *
 * @throws RangeError on a z that is not finite.
 */
export function lambdaFromZ(z: readonly number[]): number | null {
  const squares = z.map((value) => checkFinite('z', value) ** 2).sort((a, b) => a - b);
  if (squares.length === 0) return null;
  const middle = (squares.length - 1) / 2;
  const low = squares[Math.floor(middle)] ?? NaN;
  const high = squares[Math.ceil(middle)] ?? NaN;
  return (low + high) / 2 / CHI_SQUARED_MEDIAN;
}

/** z_λ = z/√max(1, λ). */
export function calibratedZ(z: number, lambda: number): number {
  return checkFinite('z', z) / Math.sqrt(inflation(lambda));
}
