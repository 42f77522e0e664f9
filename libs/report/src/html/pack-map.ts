import type { LayerMap } from '@jokbo/contracts';

/** Widest packed cell: codes stay exact in 32-bit arithmetic. Bits. */
const MOST_BITS = 31;

/** One quantity of one map: every cell in `bits` bits, most significant first, row-major, base64. */
export interface PackedColumn {
  readonly decimals: number;
  /** Value of code 1, in units of 10^-decimals. Code 0 is a cell that was not measured. */
  readonly offset: number;
  readonly bits: number;
  readonly cells: string;
}

export interface PackedMap {
  readonly component: string;
  readonly role: string;
  readonly rows: number;
  readonly columns: number;
  readonly diagonal_z: number | null;
  readonly diagonal_log10_p: number | null;
  readonly cosine: PackedColumn;
  readonly r: PackedColumn;
  readonly z: PackedColumn;
}

/** Decimals to which maps are rounded. */
export interface MapPrecision {
  readonly r_decimals: number;
  readonly cosine_decimals: number;
  readonly z_decimals: number;
}

/** What a report falls back to before it leaves maps out; the cosine, context only, gives way first. */
export const COARSEST_MAPS: MapPrecision = { r_decimals: 2, cosine_decimals: 1, z_decimals: 0 };

/** From finest to coarsest; a report takes the finest that fits its size. */
export const MAP_PRECISIONS: readonly MapPrecision[] = [
  { r_decimals: 4, cosine_decimals: 4, z_decimals: 2 },
  { r_decimals: 3, cosine_decimals: 3, z_decimals: 1 },
  { r_decimals: 2, cosine_decimals: 2, z_decimals: 1 },
  COARSEST_MAPS,
];

/**
 * Packs values rounded to `decimals` into as few bits per cell as their range needs. A range too wide for
 * {@link MOST_BITS} loses decimals until it fits, and says so in the result.
 */
export function packColumn(values: readonly (number | null)[], decimals: number): PackedColumn {
  const scaled = values.map((value) => (value === null ? null : Math.round(value * 10 ** decimals)));
  let least = Infinity;
  let most = -Infinity;
  for (const value of scaled) {
    if (value === null) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (most < least) return { decimals, offset: 0, bits: 1, cells: packBits(scaled, 0, 1) };
  const bits = Math.ceil(Math.log2(most - least + 2));
  if (bits > MOST_BITS) return packColumn(values, decimals - 1);
  return { decimals, offset: least, bits, cells: packBits(scaled, least, bits) };
}

function packBits(scaled: readonly (number | null)[], offset: number, bits: number): string {
  const bytes = new Uint8Array(Math.ceil((scaled.length * bits) / 8));
  let index = 0;
  // At most 7 bits wait beside a code of 31, so the sum stays exact.
  let waiting = 0;
  let count = 0;
  for (const value of scaled) {
    waiting = waiting * 2 ** bits + (value === null ? 0 : value - offset + 1);
    count += bits;
    while (count >= 8) {
      count -= 8;
      const byte = Math.floor(waiting / 2 ** count);
      bytes[index] = byte;
      waiting -= byte * 2 ** count;
      index += 1;
    }
  }
  if (count > 0) bytes[index] = waiting * 2 ** (8 - count);
  return Buffer.from(bytes).toString('base64');
}

/** Packs the three quantities of a map. */
export function packMap(map: LayerMap, precision: MapPrecision): PackedMap {
  return {
    component: map.component,
    role: map.role,
    rows: map.rows,
    columns: map.columns,
    diagonal_z: map.diagonal_z,
    diagonal_log10_p: map.diagonal_log10_p,
    cosine: packColumn(map.cosine, precision.cosine_decimals),
    r: packColumn(map.r, precision.r_decimals),
    z: packColumn(map.z, precision.z_decimals),
  };
}
