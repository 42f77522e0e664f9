import { html, type Html } from './markup.js';

/**
 * The cell in which the script of the page draws a statistic on its null: the standard normal curve, draws from the
 * exact null below the axis, the thresholds of |z| = 8, and the value. Without the script it is empty: value, draws and
 * null stand in cells beside it.
 *
 * @param draws z of self-scrambles.
 */
export function nullCell(z: number | null, draws: readonly number[]): Html {
  if (z === null) return html`<td>·</td>`;
  const rounded = (value: number): string => String(Number(value.toFixed(2)));
  return html`<td data-z="${rounded(z)}" data-draws="${draws.map(rounded).join(' ')}"></td>`;
}
