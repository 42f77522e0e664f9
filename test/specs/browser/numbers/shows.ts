const UNITS: Readonly<Record<string, number>> = {
  '%': 0.01,
  k: 1e3,
  M: 1e6,
  B: 1e9,
  T: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};
const NUMBER = /^(-?)([\d,]+)(?:\.(\d+))?(?:e([+-]?\d+))?(?:\s?(%|k|M|B|T|[KMG]iB))?$/;

/**
 * Whether a text shows a value: to half a step of its last digit, `not measured` for null, `<0.1 %` and `>99.9 %` for what
 * lies beyond them.
 *
 * @param bytes `B` stands for bytes, not for billions.
 */
export function shows(text: string, value: number | null, bytes = false): boolean {
  if (value === null) return text === 'not measured';
  if (text === '<0.1 %') return value > 0 && value < 0.001;
  if (text === '>99.9 %') return value > 0.999 && value < 1;
  const match = NUMBER.exec(text);
  if (match === null) return false;
  const [, sign, whole = '', decimals = '', exponent = '0', unit = ''] = match;
  const scale = (bytes && unit === 'B' ? 1 : (UNITS[unit] ?? 1)) * 10 ** Number(exponent);
  const digits = Number(`${whole.replaceAll(',', '')}.${decimals}`);
  const shown = (sign === '-' ? -digits : digits) * scale;
  const step = 10 ** -decimals.length * scale;
  return Math.abs(shown - value) <= 0.5 * step * (1 + 1e-9);
}
