import type { Dtype } from './dtype.js';

/** Scales of a block-quantised tensor: value = stored × scale[row ÷ blockRows][column ÷ blockColumns]. */
export interface BlockScales {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly blockRows: number;
  readonly blockColumns: number;
}

/** A tensor as it lies in memory: row-major, little-endian, `bytes` at any alignment. */
export interface TensorView {
  readonly bytes: Uint8Array;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly scales?: BlockScales;
}

/** Sums over the paired elements of two tensors of equal element count. All in f64, in fixed order. */
export interface PairSums {
  readonly n: number;
  readonly sumA: number;
  readonly sumB: number;
  readonly sumAA: number;
  readonly sumBB: number;
  readonly sumAB: number;
  /** Σ(a−b)², accumulated as such: exact where a and b nearly agree. */
  readonly sumSquaredDifference: number;
  /** Pairs whose stored bits are equal (same dtype), else whose values are equal. */
  readonly equal: number;
  /** max |a−b|; NaN if any pair has a NaN. */
  readonly maxAbsDifference: number;
}

/** Numeric inner loops. Shapes in elements; all sums in f64; the same input gives the same bits. */
export interface TensorBackend {
  readonly name: 'wasm' | 'tensorflow' | 'webgpu';
  /** @throws UnsupportedDtype for a dtype without a numeric value (C64, F4, F6). */
  pairSums(a: TensorView, b: TensorView): Promise<PairSums>;
  /** Counts of the 65,536 bit patterns of a 16-bit tensor. */
  histogram16(a: TensorView): Promise<Uint32Array>;
  /**
   * A·Bᵀ (`axis` 0: rows are kept) or Aᵀ·B (`axis` 1: columns are kept), row-major f64.
   *
   * @param into receives the product, whatever it held. Made when absent.
   */
  cross(a: TensorView, b: TensorView, axis: 0 | 1, into?: Float64Array): Promise<Float64Array>;
  close(): Promise<void>;
}

/** Figures of one class are equal bit for bit. WASM measures in `f64`, TensorFlow in `tf-f32`; their last bits differ. */
export type NumericClass = 'f64' | 'tf-f32';

/** Which backend is wanted; `auto` is TensorFlow where it has a GPU, else WASM. */
export const BACKEND_CHOICES = ['auto', 'wasm', 'tensorflow'] as const;
export type BackendChoice = (typeof BACKEND_CHOICES)[number];
