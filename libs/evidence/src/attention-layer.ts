import type { TensorBackend, TensorSummary, TensorView } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import { centreFeatures, innerProduct, squaredNorm, type CentredFactor } from '@jokbo/statistics';
import { commonFeatures } from './common-features.js';
import { factorRows } from './disguise/factor-rows.js';
import { operand, operandType, operandView } from './product-view.js';

/** Roles whose features belong to heads, and which heads: query heads or key-value heads. */
export const HEAD_ROLES = {
  'attn.q': 'heads',
  'attn.k': 'kvHeads',
  'attn.v': 'kvHeads',
  'attn.o': 'heads',
} as const;
export type HeadRole = keyof typeof HEAD_ROLES;

/** Features of all heads of a layer that are read: their Grams cost the square of it. */
const LAYER_FEATURES = 1024;

/** One head of one role on either side: its common channels over the residual dimensions, centred. */
export interface HeadFactor {
  readonly role: HeadRole;
  readonly head: number;
  readonly tensor: TensorSummary;
  readonly partner: TensorSummary;
  /** Features of the head in the whole tensor. */
  readonly channels: number;
  readonly a: CentredFactor;
  readonly b: CentredFactor;
}

/** Heads of a role in a model; null where its features do not divide into them. */
export function headCount(model: ModelData, tensor: TensorSummary): number | null {
  if (!(tensor.role in HEAD_ROLES)) return null;
  const count = model.architecture[HEAD_ROLES[tensor.role as HeadRole]];
  const features = tensor.shape[tensor.residual_axis === 0 ? 1 : 0] ?? 0;
  return count === null || count < 1 || features % count !== 0 ? null : count;
}

/** Same-numbered heads of two tensors, with the channels that both sides keep; a reason where they have none. */
export async function headFactors(
  tensor: TensorSummary,
  partner: TensorSummary,
  subject: ModelData,
  reference: ModelData,
): Promise<HeadFactor[] | string> {
  const [own, other] = [headCount(subject, tensor), headCount(reference, partner)];
  if (own === null || own !== other) return 'head-count-differs';
  const [a, b] = [await subject.factor(tensor.key), await reference.factor(partner.key)];
  if (a === null || b === null) return 'not-sampled';
  if (a.units !== b.units) return 'residual-width-differs';
  const features = tensor.shape[tensor.residual_axis === 0 ? 1 : 0] ?? 0;
  if (features !== partner.shape[partner.residual_axis === 0 ? 1 : 0]) return 'feature-count-differs';
  const channels = features / own;
  const most = Math.max(1, Math.floor(LAYER_FEATURES / (own * Object.keys(HEAD_ROLES).length)));
  const byHead = new Map<number, { a: number[]; b: number[] }>();
  for (const common of commonFeatures(a, b)) {
    const head = Math.floor(common.index / channels);
    const rows = byHead.get(head) ?? { a: [], b: [] };
    byHead.set(head, rows);
    if (rows.a.length >= most) continue;
    rows.a.push(common.a);
    rows.b.push(common.b);
  }
  return [...byHead].map(([head, rows]) => ({
    role: tensor.role as HeadRole,
    head,
    tensor,
    partner,
    channels,
    a: centreFeatures(factorRows(a, rows.a)),
    b: centreFeatures(factorRows(b, rows.b)),
  }));
}

/** One head's own trace test. */
export interface HeadTest {
  readonly factor: HeadFactor;
  readonly z: number;
  readonly r: number;
}

/** All heads of one layer, joint under one permutation of the residual dimensions. */
export interface LayerTest {
  readonly heads: readonly HeadTest[];
  readonly z: number;
  readonly r: number;
}

/** Variance of unit factors below which it is rounding of f32 products. */
const VARIANCE_NOISE = 1e-12;

/**
 * Trace tests of the heads of a layer, and of all of them together with w = 1/√Var (Hoeffding 1951), from the Grams of
 * the stacked channels: Var = Σ w_t w_u <A_t A_u', B_t B_u'>/(n − 1). T and the norms are f64 sums, the Grams
 * accumulate f32 panels.
 *
 * @returns null where no head has variance.
 */
export async function testLayer(
  factors: readonly HeadFactor[],
  backend: TensorBackend,
): Promise<LayerTest | null> {
  const heads = factors.flatMap((factor) => {
    const norms = Math.sqrt(squaredNorm(factor.a.values) * squaredNorm(factor.b.values));
    return norms > 0 ? [{ factor, r: innerProduct(factor.a.values, factor.b.values) / norms }] : [];
  });
  const units = heads[0]?.factor.a.units ?? 0;
  if (units < 2) return null;
  const [a, b] = [
    stackUnit(heads.map(({ factor }) => factor.a)),
    stackUnit(heads.map(({ factor }) => factor.b)),
  ];
  const [gramA, gramB] = [await backend.cross(a, a, 0), await backend.cross(b, b, 0)];
  const headOfRow = heads.flatMap(({ factor }, head) => Array<number>(factor.a.features).fill(head));
  const covariance = new Float64Array(heads.length * heads.length);
  headOfRow.forEach((t, row) => {
    headOfRow.forEach((u, column) => {
      const at = row * headOfRow.length + column;
      const cell = t * heads.length + u;
      covariance[cell] = (covariance[cell] ?? NaN) + (gramA[at] ?? NaN) * (gramB[at] ?? NaN);
    });
  });
  const weights = heads.map((_, t) => {
    const variance = (covariance[t * heads.length + t] ?? NaN) / (units - 1);
    return variance > VARIANCE_NOISE ? 1 / Math.sqrt(variance) : 0;
  });
  let excess = 0;
  let norms = 0;
  let variance = 0;
  heads.forEach(({ r }, t) => {
    const weight = weights[t] ?? 0;
    excess += weight * r;
    norms += weight;
    weights.forEach((other, u) => {
      variance += (weight * other * (covariance[t * heads.length + u] ?? NaN)) / (units - 1);
    });
  });
  if (!(variance > VARIANCE_NOISE) || !(norms > 0)) return null;
  const tests = heads.flatMap(({ factor, r }, t) => {
    const weight = weights[t] ?? 0;
    return weight > 0 ? [{ factor, z: weight * r, r }] : [];
  });
  return { heads: tests, z: excess / Math.sqrt(variance), r: excess / norms };
}

/** Factors scaled to unit norm, one under the other. */
function stackUnit(factors: readonly CentredFactor[]): TensorView {
  const units = factors[0]?.units ?? 0;
  const features = factors.reduce((sum, factor) => sum + factor.features, 0);
  const values = operand(operandType(features ** 2 * units), features * units);
  let at = 0;
  for (const factor of factors) {
    const scale = 1 / Math.sqrt(squaredNorm(factor.values));
    for (const value of factor.values) {
      values[at] = value * scale;
      at += 1;
    }
  }
  return operandView(values, features, units);
}
