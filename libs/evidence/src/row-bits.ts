/** Values of a row that are looked at: enough to pass any bound on its information. */
const READ_VALUES = 512;

/** Rényi-2 entropy of a row's own first values × their number, −n·log2 Σ (c_v/n)², in bits; 0 for a constant row. */
export function rowBits(bytes: Uint8Array, valueBytes: number): number {
  const n = Math.min(READ_VALUES, Math.floor(bytes.length / valueBytes));
  if (n === 0) return 0;
  const counts = new Map<number, number>();
  for (let at = 0; at < n; at += 1) {
    let value = 0;
    for (let byte = 0; byte < valueBytes; byte += 1)
      value = value * 256 + (bytes[at * valueBytes + byte] ?? 0);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  let collisions = 0;
  for (const count of counts.values()) collisions += (count / n) ** 2;
  return Math.max(0, -n * Math.log2(collisions));
}

/** Whether a row repeats one value throughout. */
export function isConstantRow(bytes: Uint8Array, valueBytes: number): boolean {
  for (let at = valueBytes; at < bytes.length; at += 1)
    if (bytes[at] !== bytes[at - valueBytes]) return false;
  return true;
}
