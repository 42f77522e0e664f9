import type { TensorBackend, TensorView } from '@jokbo/contracts';
import {
  innerProduct,
  jointTrace,
  squaredNorm,
  type CentredFactor,
  type JointTrace,
  type JointTraceSums,
} from '@jokbo/statistics';
import { operand, operandType, operandView } from './product-view.js';

/** One tensor's own test under the shared permutation. */
export interface TensorTest {
  readonly z: number;
  readonly r: number;
}

export interface JointTraceBuilder {
  /** Adds a pair of matched, centred factors. @returns its own test; null where its variance is zero. */
  add(a: CentredFactor, b: CentredFactor): Promise<TensorTest | null>;
  /** The sums over all that was added. */
  sums(): Promise<JointTraceSums>;
  finish(): Promise<JointTrace | null>;
}

/** Rows that are multiplied in one go: enough to fill the kernels, small beside the n × n sum. */
const BATCH_FEATURES = 2048;

/** Rows that a batch has room for at first: most traces are joint over fewer than a whole batch. */
const FIRST_FEATURES = 256;

/** Variance, of unit factors, below which it is rounding noise of f32 products. */
export const VARIANCE_NOISE = 1e-12;

/**
 * Sums for the trace test joint over tensors that share one axis (Hoeffding 1951; see `jointTrace`). Both factors of
 * a tensor are scaled to unit norm first, which changes neither its z nor its weighted term and keeps every scale
 * within f32. T and the norms are f64 sums; the products that only feed the variance are f64 while that is
 * cheap, else they accumulate f32 panels: one n × n product per batch of features and not one per tensor, as experts
 * are many and narrow.
 */
export function createJointTrace(units: number, backend: TensorBackend): JointTraceBuilder {
  const cc = new Float64Array(units * units);
  const dtype = operandType(BATCH_FEATURES * units * units);
  let batchA = operand(dtype, FIRST_FEATURES * units);
  let batchB = operand(dtype, FIRST_FEATURES * units);
  let batched = 0;
  let excess = 0;
  let norms = 0;
  let tensors = 0;
  let features = 0;

  async function flush(): Promise<void> {
    if (batched === 0) return;
    const product = await backend.cross(
      operandView(batchA, batched, units),
      operandView(batchB, batched, units),
      1,
    );
    for (let at = 0; at < cc.length; at += 1) cc[at] = (cc[at] ?? 0) + (product[at] ?? 0);
    batched = 0;
  }

  async function sums(): Promise<JointTraceSums> {
    await flush();
    return { cc, excess, norms, tensors, features };
  }

  return {
    sums,
    async add(a, b) {
      const normA = Math.sqrt(squaredNorm(a.values));
      const normB = Math.sqrt(squaredNorm(b.values));
      if (!(normA > 0) || !(normB > 0)) return null;
      const squares = await crossSquares(scaledView(a, 1 / normA), scaledView(b, 1 / normB), backend);
      const variance = squares / (units - 1);
      if (!(variance > VARIANCE_NOISE)) return null;
      const weight = 1 / Math.sqrt(variance);
      const r = innerProduct(a.values, b.values) / (normA * normB);
      const scaleA = Math.sqrt(weight) / normA;
      const scaleB = Math.sqrt(weight) / normB;
      for (let feature = 0; feature < a.features; feature += 1) {
        if (batched === BATCH_FEATURES) await flush();
        if (batched * units === batchA.length) {
          batchA = enlarged(batchA);
          batchB = enlarged(batchB);
        }
        const from = feature * units;
        for (let unit = 0; unit < units; unit += 1) {
          batchA[batched * units + unit] = (a.values[from + unit] ?? 0) * scaleA;
          batchB[batched * units + unit] = (b.values[from + unit] ?? 0) * scaleB;
        }
        batched += 1;
      }
      excess += weight * r;
      norms += weight;
      tensors += 1;
      features += a.features;
      return { z: weight * r, r };
    },
    finish: async () => jointTrace(await sums(), units),
  };
}

/** Adds the sums of another group of tensors; `sum.cc` is used up. */
export function addTraceSums(sum: JointTraceSums, more: JointTraceSums): JointTraceSums {
  for (let at = 0; at < sum.cc.length; at += 1) sum.cc[at] = (sum.cc[at] ?? NaN) + (more.cc[at] ?? NaN);
  return {
    cc: sum.cc,
    excess: sum.excess + more.excess,
    norms: sum.norms + more.norms,
    tensors: sum.tensors + more.tensors,
    features: sum.features + more.features,
  };
}

/** The same rows with room for as many again. */
function enlarged(batch: Float32Array | Float64Array): Float32Array | Float64Array {
  const larger = operand(batch instanceof Float64Array ? 'F64' : 'F32', 2 * batch.length);
  larger.set(batch);
  return larger;
}

/** ‖A'B‖²_F of unit factors, by whichever of units × units and features × features is smaller. */
async function crossSquares(a: TensorView, b: TensorView, backend: TensorBackend): Promise<number> {
  const [features = 0, units = 0] = a.shape;
  if (features === 1) return 1;
  if (features <= units) {
    return innerProduct(await backend.cross(a, a, 0), await backend.cross(b, b, 0));
  }
  return squaredNorm(await backend.cross(a, b, 1));
}

function scaledView({ values, features, units }: CentredFactor, scale: number): TensorView {
  const products = Math.min(features, units) * features * units;
  const scaled = operand(operandType(products), values.length);
  for (let at = 0; at < values.length; at += 1) scaled[at] = (values[at] ?? NaN) * scale;
  return operandView(scaled, features, units);
}
