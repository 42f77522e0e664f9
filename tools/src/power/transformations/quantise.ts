import { extent, mapTensors, type Model, type Tensor } from '../model/model.js';
import { roundHalfEven } from '../model/encode-values.js';

/** Values of a run of elements that share a scale, rounded to a format and back. */
type RoundTrip = (values: Float64Array) => Float64Array;

/** A format: how many elements share a scale (null: a row), and its round trip. */
interface Format {
  readonly block: number | null;
  readonly roundTrip: RoundTrip;
}

/** Quantiles of NF4 (Dettmers et al. 2023). */
const NF4 = [
  -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
  -0.18477343022823334, -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725,
  0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1,
];

/** Magnitudes of FP4 E2M1 (OCP Microscaling Formats 1.0, 2023). */
const E2M1 = [0, 0.5, 1, 1.5, 2, 3, 4, 6];

const FORMATS = {
  /** One scale per row, 127 steps on either side. */
  'int8 per row': { block: null, roundTrip: symmetric(127) },
  /** Blocks of 32, 127 steps (GGUF Q8_0). */
  Q8_0: { block: 32, roundTrip: symmetric(127) },
  /** Blocks of 32, 4 bits; the element of largest magnitude becomes −8 (GGUF Q4_0). */
  Q4_0: { block: 32, roundTrip: largestToMinusEight },
  /** Blocks of 64, 16 quantiles of the normal distribution. */
  NF4: { block: 64, roundTrip: (values) => toCodebook(values, NF4, 1) },
  /** One scale per row, 3 bits of mantissa. */
  'FP8 E4M3': { block: null, roundTrip: miniFloat(3, -6, 448) },
  /** One scale per row, 2 bits of mantissa. */
  'FP8 E5M2': { block: null, roundTrip: miniFloat(2, -14, 57_344) },
  /** Blocks of 32 with a power of two as scale, E2M1 elements. */
  MXFP4: { block: 32, roundTrip: microscaled },
} satisfies Record<string, Format>;

export type QuantisationFormat = keyof typeof FORMATS;

/** Every matrix rounded to a format and decoded again. */
export function quantise(model: Model, format: QuantisationFormat): Model {
  const { block, roundTrip }: Format = FORMATS[format];
  return mapTensors(model, (tensor) =>
    tensor.shape.length === 2 ? { ...tensor, values: inBlocks(tensor, block, roundTrip) } : tensor,
  );
}

function inBlocks(tensor: Tensor, block: number | null, roundTrip: RoundTrip): Float64Array {
  const { rows, columns } = extent(tensor);
  const size = block ?? columns;
  const out = new Float64Array(tensor.values.length);
  for (let row = 0; row < rows; row += 1) {
    for (let from = 0; from < columns; from += size) {
      const start = row * columns + from;
      const end = row * columns + Math.min(columns, from + size);
      out.set(roundTrip(tensor.values.subarray(start, end)), start);
    }
  }
  return out;
}

function largestOf(values: Float64Array): number {
  return values.reduce((held, value) => (Math.abs(value) > Math.abs(held) ? value : held), 0);
}

function symmetric(steps: number): RoundTrip {
  return (values) => {
    const scale = Math.abs(largestOf(values)) / steps;
    return values.map((value) => (scale === 0 ? 0 : roundHalfEven(value / scale) * scale));
  };
}

function largestToMinusEight(values: Float64Array): Float64Array {
  const scale = largestOf(values) / -8;
  return values.map((value) =>
    scale === 0 ? 0 : Math.max(-8, Math.min(7, roundHalfEven(value / scale))) * scale,
  );
}

/** The nearest entry of a code book of which `full` is the largest magnitude, scaled by the block's own largest. */
function toCodebook(values: Float64Array, codebook: readonly number[], full: number): Float64Array {
  const scale = Math.abs(largestOf(values)) / full;
  return values.map((value) => (scale === 0 ? 0 : nearest(value / scale, codebook) * scale));
}

function nearest(value: number, codebook: readonly number[]): number {
  return codebook.reduce((held, entry) => (Math.abs(entry - value) < Math.abs(held - value) ? entry : held));
}

function miniFloat(mantissaBits: number, smallestExponent: number, largest: number): RoundTrip {
  return (values) => {
    const scale = Math.abs(largestOf(values)) / largest;
    if (scale === 0) return values.map(() => 0);
    return values.map((value) => {
      const magnitude = Math.abs(value) / scale;
      const exponent = Math.max(smallestExponent, Math.floor(Math.log2(magnitude)));
      const step = 2 ** (exponent - mantissaBits);
      return Math.sign(value) * Math.min(largest, roundHalfEven(magnitude / step) * step) * scale;
    });
  };
}

/** Exponent of the largest E2M1 magnitude. */
const E2M1_LARGEST_EXPONENT = 2;

function microscaled(values: Float64Array): Float64Array {
  const largest = Math.abs(largestOf(values));
  if (largest === 0) return values.map(() => 0);
  const scale = 2 ** (Math.floor(Math.log2(largest)) - E2M1_LARGEST_EXPONENT);
  return values.map((value) => Math.sign(value) * nearest(Math.abs(value) / scale, E2M1) * scale);
}
