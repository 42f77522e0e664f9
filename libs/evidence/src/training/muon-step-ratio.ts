import type { StoredTensor, TensorBackend, TensorView } from '@jokbo/contracts';
import { decodeF32, elementCount } from '@jokbo/safetensors';
import type { ReadableCheckpoint, TensorDistance } from './checkpoint-distance.js';
import { largestEigenvalue } from './spectral-edge.js';
import { roundingOf } from './step-ratio.js';
import { openElements } from './stored-elements.js';

/**
 * Largest singular value that Muon's Newton–Schulz steps give to an update that is meant to be orthogonal: the quintic
 * with coefficients (3.4445, −4.7750, 2.0315) maps [0, 1.2024] into itself (Jordan et al. 2024); the rest is room for
 * its arithmetic in BF16.
 */
const NEWTON_SCHULZ_NORM = 1.3;

/** Factors on the orthogonal update, by the name that training.json gives in `optimizer.update_scale`. */
const UPDATE_SCALES: ReadonlyMap<string, (rows: number, columns: number) => number> = new Map<
  string,
  (rows: number, columns: number) => number
>([
  ['none', () => 1],
  ['sqrt(max(1, rows/columns))', (rows, columns) => Math.sqrt(Math.max(1, rows / columns))],
  ['0.2*sqrt(max(rows, columns))', (rows, columns) => 0.2 * Math.sqrt(Math.max(rows, columns))],
]);

/** Largest matrix whose two versions are held in memory: 2 × 512 MB. */
const MAX_ELEMENTS = 2 ** 27;

/** Longest shorter side: its Gram has 512 MB. */
const MAX_SIDE = 8192;

/** Muon moves the matrices of the layers; embedding, head and vectors are Adam's. */
export function isMuonMatrix({ earlier, parts }: TensorDistance): boolean {
  return earlier.shape.length === 2 && parts.every(({ layer }) => layer !== null);
}

export function knownUpdateScale(name: string | null): boolean {
  return UPDATE_SCALES.has(name ?? 'none');
}

/**
 * Spectral norm of Δ over what Muon with decoupled decay can have moved a matrix:
 * Σ lr_t·scale·{@link NEWTON_SCHULZ_NORM}·√parts + Σ lr_t·wd·‖θ‖₂ + rounding. A fused matrix may have been updated
 * part by part, hence √parts. The norms come from below, so the ratio is at most the true one.
 *
 * @param reach Σ lr_t and Σ lr_t·wd.
 * @returns null where the matrix is too large to hold.
 */
export async function muonStepRatio(
  distance: TensorDistance,
  checkpoints: readonly [ReadableCheckpoint, ReadableCheckpoint],
  reach: { readonly rate: number; readonly decay: number },
  scaleName: string | null,
  backend: TensorBackend,
  signal?: AbortSignal,
): Promise<number | null> {
  const [rows = 0, columns = 0] = distance.earlier.shape;
  const side = Math.min(rows, columns);
  const scale = UPDATE_SCALES.get(scaleName ?? 'none');
  if (rows * columns > MAX_ELEMENTS || side > MAX_SIDE || side === 0 || scale === undefined) return null;
  const a = await wholeMatrix(checkpoints[0], distance.earlier, signal);
  const b = await wholeMatrix(checkpoints[1], distance.later, signal);
  let magnitude = 0;
  for (let index = 0; index < a.length; index += 1) magnitude = Math.max(magnitude, Math.abs(a[index] ?? 0));
  const norms = [];
  for (const values of [a, b]) norms.push(await spectralNorm(values, rows, columns, backend));
  for (let index = 0; index < b.length; index += 1) {
    magnitude = Math.max(magnitude, Math.abs(b[index] ?? 0));
    b[index] = (b[index] ?? 0) - (a[index] ?? 0);
  }
  const moved = await spectralNorm(b, rows, columns, backend);
  // Not a number stands for a NaN on either side, which no optimiser step explains.
  if (Number.isNaN(moved)) return Number.MAX_VALUE;
  if (moved === 0) return 0;
  const steps = reach.rate * scale(rows, columns) * NEWTON_SCHULZ_NORM * Math.sqrt(distance.parts.length);
  const decay = reach.decay * (Math.max(...norms) + steps);
  // Independent rounding errors of at most e have a spectral norm of about e(√m + √n).
  const error = magnitude * (roundingOf(distance.earlier.dtype) + roundingOf(distance.later.dtype));
  return moved / (steps + decay + error * (Math.sqrt(rows) + Math.sqrt(columns)));
}

async function wholeMatrix(
  { checkpoint, store }: ReadableCheckpoint,
  tensor: StoredTensor,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const values = new Float32Array(elementCount(tensor.shape));
  const reader = openElements(checkpoint, store, signal);
  try {
    for await (const { first, view } of reader.pieces(tensor)) values.set(decodeF32(view), first);
  } finally {
    await reader.close();
  }
  return values;
}

/** NaN where an element is not finite. */
async function spectralNorm(
  values: Float32Array,
  rows: number,
  columns: number,
  backend: TensorBackend,
): Promise<number> {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const view: TensorView = { bytes, dtype: 'F32', shape: [rows, columns] };
  const gram = await backend.cross(view, view, rows <= columns ? 0 : 1);
  if (!gram.every((value) => Number.isFinite(value))) return Number.NaN;
  return Math.sqrt(Math.max(0, largestEigenvalue(gram, Math.min(rows, columns))));
}
