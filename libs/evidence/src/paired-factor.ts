import { DTYPE_BITS, type SkippedTensor, type TensorView } from '@jokbo/contracts';
import type { FactorData, ModelData } from '@jokbo/fingerprint';
import { decodeF64 } from '@jokbo/safetensors';
import { centreFeatures, type CentredFactor, type Factor } from '@jokbo/statistics';
import { evenFeatures } from './even-features.js';
import type { TensorPair } from './paired-tensors.js';

/** Matched features of two tensors over one axis: features × units on either side. */
export interface PairedFactor {
  readonly pair: TensorPair;
  readonly a: TensorView;
  readonly b: TensorView;
  readonly features: number;
  readonly units: number;
  /** Positions of the features among those that the side keeps; null = all of them, in order. */
  readonly rowsA: readonly number[] | null;
  readonly rowsB: readonly number[] | null;
}

/**
 * Loads the residual-axis factors of a pair and keeps the features that both have: by token bytes where both
 * name their rows so, else by index.
 *
 * @param atMost features that are taken of the pair, the first ones; default all.
 * @returns the reason instead, where the pair cannot be compared by its features.
 */
export async function loadPairedFactor(
  pair: TensorPair,
  subject: ModelData,
  reference: ModelData,
  atMost?: (pair: TensorPair) => Promise<number>,
): Promise<PairedFactor | SkippedTensor> {
  const key = pair.subject.key;
  const [a, b] = [await subject.factor(pair.subject.key), await reference.factor(pair.reference.key)];
  if (a === null || b === null) return { key, reason: 'not-sampled' };
  if (a.units !== b.units) return { key, reason: 'residual-width-differs' };
  const named = a.tokens !== null && b.tokens !== null;
  if (!named && featuresOf(pair.subject, a) !== featuresOf(pair.reference, b)) {
    return { key, reason: 'feature-count-differs' };
  }
  const common = named ? joinByName(a.tokens, b.tokens) : joinByIndex(a, b);
  const rows = atMost === undefined ? common : firstRows(common, await atMost(pair));
  if (rows.a.length === 0) return { key, reason: 'no-common-features' };
  return {
    pair,
    a: selectRows(a, rows.a),
    b: selectRows(b, rows.b),
    features: rows.a.length,
    units: a.units,
    rowsA: inOwnOrder(rows.a, a) ? null : rows.a,
    rowsB: inOwnOrder(rows.b, b) ? null : rows.b,
  };
}

function featuresOf(tensor: TensorPair['subject'], factor: FactorData): number {
  return tensor.shape.reduce((product, size) => product * size, 1) / factor.units;
}

export function isSkipped(factor: PairedFactor | SkippedTensor): factor is SkippedTensor {
  return 'reason' in factor;
}

/** Positions of common names, in the order of the first list; a name that occurs twice counts once. */
export function joinByName(a: readonly string[], b: readonly string[]): { a: number[]; b: number[] } {
  const positions = new Map<string, number>();
  b.forEach((name, position) => {
    if (!positions.has(name)) positions.set(name, position);
  });
  const joined: { a: number[]; b: number[] } = { a: [], b: [] };
  a.forEach((name, position) => {
    const other = positions.get(name);
    if (other === undefined) return;
    positions.delete(name);
    joined.a.push(position);
    joined.b.push(other);
  });
  return joined;
}

function joinByIndex(a: FactorData, b: FactorData): { a: number[]; b: number[] } {
  const names = (factor: FactorData): string[] =>
    factor.indices === null
      ? Array.from({ length: factor.features }, (_, index) => String(index))
      : factor.indices.map(String);
  return joinByName(names(a), names(b));
}

/** Features that the joint traces take of a pair of tensors: as many as either side does. */
export function evenFeaturesOf(
  subject: ModelData,
  reference: ModelData,
): (pair: TensorPair) => Promise<number> {
  return async (pair) =>
    Math.min(
      (await evenFeatures(subject, pair.subject)) ?? Infinity,
      (await evenFeatures(reference, pair.reference)) ?? Infinity,
    );
}

function firstRows(rows: { a: number[]; b: number[] }, count: number): { a: number[]; b: number[] } {
  return count >= rows.a.length ? rows : { a: rows.a.slice(0, count), b: rows.b.slice(0, count) };
}

function inOwnOrder(rows: readonly number[], factor: FactorData): boolean {
  return rows.length === factor.features && rows.every((row, position) => row === position);
}

function selectRows(factor: FactorData, rows: readonly number[]): TensorView {
  const { view, units, dtype } = factor;
  if (inOwnOrder(rows, factor)) {
    return { bytes: view.bytes, dtype, shape: [rows.length, units] };
  }
  const rowBytes = (units * DTYPE_BITS[dtype]) / 8;
  const bytes = new Uint8Array(rows.length * rowBytes);
  rows.forEach((row, position) => {
    bytes.set(view.bytes.subarray(row * rowBytes, (row + 1) * rowBytes), position * rowBytes);
  });
  return { bytes, dtype, shape: [rows.length, units] };
}

/**
 * Centred factors of a pair in f64. Where every feature of a tensor is kept, its factor is made once per model.
 */
export async function centredFactors(
  factor: PairedFactor,
  subject: ModelData,
  reference: ModelData,
): Promise<readonly [CentredFactor, CentredFactor]> {
  return [await centredSide(factor, 'a', subject), await centredSide(factor, 'b', reference)];
}

/** The centred factor of one side of a pair. */
export function centredSide(factor: PairedFactor, side: 'a' | 'b', model: ModelData): Promise<CentredFactor> {
  const [view, whole, { key }] =
    side === 'a'
      ? [factor.a, factor.rowsA === null, factor.pair.subject]
      : [factor.b, factor.rowsB === null, factor.pair.reference];
  const make = (): Promise<CentredFactor> => Promise.resolve(centreFeatures(toFactor(view)));
  return whole ? model.memo.get(`centred|${key}`, 8 * factor.features * factor.units, make) : make();
}

/** A view's values in f64, as a factor of the statistics. */
export function toFactor(view: TensorView): Factor {
  const [features = 0, units = 0] = view.shape;
  return { values: decodeF64(view), features, units };
}
