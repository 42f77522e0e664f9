import type { LayerMap } from '@jokbo/contracts';
import { deflateNoise } from './deflate.js';

/** Bits that a code may take: those below a byte share one, those above it stand in planes of bytes. */
const WIDTHS = [1, 2, 4, 8, 16, 24] as const;

/**
 * One quantity of a map: steps per unit, offset, bits per code, and the codes, row-major, deflated, as text. Code 0 was not
 * measured, code k is (offset + k - 1) / steps. Codes below a byte share one, the first in its low bits; of wider ones
 * the low bytes of all come first, then the next, which are nearly all zero.
 */
export type PackedColumn = readonly [steps: number, offset: number, bits: number, codes: string];

export interface PackedMap {
  readonly rows: number;
  readonly columns: number;
  /** Numbers of the layers; absent = 0, 1, 2 …. */
  readonly row_layers?: readonly number[];
  readonly column_layers?: readonly number[];
  readonly cosine: PackedColumn;
  readonly r: PackedColumn;
  readonly z: PackedColumn;
}

/** Steps per unit to which maps are rounded. */
export interface MapPrecision {
  readonly r: number;
  readonly cosine: number;
  readonly z: number;
}

/** What a report falls back to before it leaves maps out; the cosine, context only, gives way before r and z. */
export const COARSEST_MAPS: MapPrecision = { r: 100, cosine: 10, z: 0.5 };

/** From finest to coarsest; a report takes the finest that fits its size. */
export const MAP_PRECISIONS: readonly MapPrecision[] = [
  { r: 10_000, cosine: 10_000, z: 100 },
  { r: 1000, cosine: 1000, z: 10 },
  { r: 100, cosine: 100, z: 10 },
  { r: 100, cosine: 10, z: 1 },
  COARSEST_MAPS,
];

/**
 * Codes of values rounded to so many steps per unit. A range too wide for the widest code loses steps until it fits,
 * and says so in the result.
 */
export function encodeColumn(values: readonly (number | null)[], steps: number): PackedColumn {
  const scaled = values.map((value) => (value === null ? null : Math.round(value * steps)));
  let least = Infinity;
  let most = -Infinity;
  for (const value of scaled) {
    if (value === null) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (most < least)
    return [
      steps,
      0,
      1,
      deflateNoise(
        codeBytes(
          1,
          scaled.map(() => 0),
        ),
      ),
    ];
  const bits = WIDTHS.find((width) => most - least + 2 <= 2 ** width);
  if (bits === undefined) return encodeColumn(values, steps / 10);
  const codes = scaled.map((value) => (value === null ? 0 : value - least + 1));
  return [steps, least, bits, deflateNoise(codeBytes(bits, codes))];
}

function codeBytes(bits: number, codes: readonly number[]): Uint8Array {
  if (bits >= 8) {
    const planes = Array.from({ length: bits / 8 }, (_, plane) =>
      Uint8Array.from(codes, (code) => Math.floor(code / 256 ** plane) % 256),
    );
    return Buffer.concat(planes);
  }
  const perByte = 8 / bits;
  const bytes = new Uint8Array(Math.ceil(codes.length / perByte));
  codes.forEach((code, index) => {
    const at = Math.floor(index / perByte);
    bytes[at] = (bytes[at] ?? 0) | (code << ((index % perByte) * bits));
  });
  return bytes;
}

const layersOf = (layers: readonly number[] | undefined): readonly number[] | undefined =>
  layers?.every((layer, index) => layer === index) === true ? undefined : layers;

/** Packs the three quantities of a map. */
export function packMap(map: LayerMap, precision: MapPrecision): PackedMap {
  const row_layers = layersOf(map.row_layers);
  const column_layers = layersOf(map.column_layers);
  return {
    rows: map.rows,
    columns: map.columns,
    ...(row_layers === undefined ? {} : { row_layers }),
    ...(column_layers === undefined ? {} : { column_layers }),
    cosine: encodeColumn(map.cosine, precision.cosine),
    r: encodeColumn(map.r, precision.r),
    z: encodeColumn(map.z, precision.z),
  };
}
