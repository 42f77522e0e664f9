/** One logged row: what `wandb.log` was given at one step, numbers only. */
export interface HistoryRow {
  /** `_step`. */
  readonly step: number;
  /** Every numeric metric by name, `_step`, `_runtime` and `_timestamp` included; NaN and infinities as they are. */
  readonly values: ReadonlyMap<string, number>;
  /** Byte offset of the row in its file. */
  readonly offset: number;
}

/** Most numeric metrics of one row. */
export const MAX_ROW_METRICS = 65_536;

/** Longest number text: 17 digits, sign, point, exponent, and some leading zeros. */
const MAX_NUMBER_TEXT = 400;

/**
 * The number that a JSON text is; null where it is anything else. Python's `NaN` and `Infinity` are numbers.
 * Objects, lists and texts are told by their first character and not read, however deep they are.
 */
export function numberOfJson(text: string): number | null {
  if (text.length > MAX_NUMBER_TEXT) return null;
  const plain = text.trim();
  if (plain === 'NaN') return Number.NaN;
  if (plain === 'Infinity') return Number.POSITIVE_INFINITY;
  if (plain === '-Infinity') return Number.NEGATIVE_INFINITY;
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(plain) ? Number(plain) : null;
}
