import type { EvidenceRecord, TensorSummary } from '@jokbo/contracts';
import { sampleIndices } from '@jokbo/fingerprint';
import { mantelMoments, unbiasedCka, type Factor } from '@jokbo/statistics';
import { componentTensors, counterpartOf } from '../paired-tensors.js';
import { elementFault } from '../unmeasurable.js';
import { factorRows } from './factor-rows.js';
import type { Frame } from './frame.js';
import { productOfColumns } from './matrix-product.js';
import { disguiseRecord, notAligned, type ModelPair, type Widths } from './model-pair.js';
import { spread } from './spread.js';

/** Projections whose Grams are compared; a latent query and a latent key stand in for them. */
const ROLES: readonly string[] = ['attn.q', 'attn.k', 'attn.q_a', 'attn.kv_a'];

/** Tensors that are averaged over: each costs two Grams of the residual stream. */
const MAX_TENSORS = 16;

/** Rows of a tensor: a Gram needs no more. */
const MAX_ROWS = 1024;

/** Residual dimensions that the Grams are over: their cost is the square of it. */
const MAX_UNITS = 1024;

/** Fewest units of a Mantel variance. */
const MIN_UNITS = 4;

/**
 * AWM (Zeng et al. 2025, arXiv 2510.06738): unbiased CKA of the query and key projections' residual Grams after the
 * signed permutation that the embeddings gave, averaged over roles and layers, layer i against layer i. Blind to the
 * order of heads. Independent models of the same data reach .46, so the published score of 90 negative pairs is not
 * used: z is the mean Mantel z of the Grams, and means something beside control pairs alone.
 */
export async function awmEvidence(pair: ModelPair, frame: Frame, widths: Widths): Promise<EvidenceRecord> {
  const statistic = { method: 'awm', component: 'attention', permuted: 'residual dimensions' } as const;
  if (frame.units < MIN_UNITS) return notAligned(pair, statistic, 'too-few-dimensions');
  const scores: number[] = [];
  const zs: number[] = [];
  let features = 0;
  let parameters = 0;
  for (const tensor of spread(projections(pair), MAX_TENSORS)) {
    pair.signal?.throwIfAborted();
    const found = await compareGrams(pair, frame, widths, tensor);
    if (found === null) continue;
    scores.push(found.score);
    zs.push(found.z);
    features += found.features;
    parameters += tensor.parameters;
  }
  if (scores.length === 0) return notAligned(pair, statistic, 'no-matched-tensors');
  return disguiseRecord(pair, statistic, widths, {
    z: mean(zs),
    r: mean(scores),
    units: Math.min(MAX_UNITS, frame.units),
    tensors: scores.length,
    features,
    parameters,
    details: { unbiased_cka: mean(scores) },
  });
}

function projections({ subject, reference }: ModelPair): TensorSummary[] {
  return componentTensors(subject, 'attention').filter((tensor) => {
    const other = counterpartOf(tensor, reference);
    const counted = ROLES.includes(tensor.role) && tensor.part === 'weight' && tensor.scope === 'text';
    return counted && other !== undefined && elementFault(tensor) === null && elementFault(other) === null;
  });
}

async function compareGrams(
  pair: ModelPair,
  frame: Frame,
  widths: Widths,
  tensor: TensorSummary,
): Promise<{ score: number; z: number; features: number } | null> {
  const partner = counterpartOf(tensor, pair.reference);
  const own = await pair.subject.factor(tensor.key);
  const other = partner === undefined ? null : await pair.reference.factor(partner.key);
  if (own?.units !== widths.subject || other?.units !== widths.reference) return null;
  const rows = (features: number): number[] =>
    Array.from({ length: Math.min(features, MAX_ROWS) }, (_, row) => row);
  const a = await frame.own(factorRows(own, rows(own.features)));
  const b = await frame.other(factorRows(other, rows(other.features)));
  const grams = [await gramOf(a, pair), await gramOf(b, pair)] as const;
  const units = Math.min(MAX_UNITS, frame.units);
  const score = unbiasedCka(...grams, units);
  const moments = mantelMoments(...grams, units);
  if (score === null || moments === null) return null;
  return { score, z: moments.z, features: Math.min(a.features, b.features) };
}

/** Gram over the units, or over a seeded choice of them, the same on both sides. */
function gramOf(factor: Factor, { backend }: ModelPair): Promise<Float64Array> {
  const { values, features, units } = factor;
  const seed = { family: 'disguise', axis: 'gram', shape: [units] };
  const kept = sampleIndices(seed, units, MAX_UNITS);
  const chosen = new Float64Array(features * kept.length);
  for (let row = 0; row < features; row += 1) {
    kept.forEach((unit, at) => (chosen[row * kept.length + at] = values[row * units + unit] ?? NaN));
  }
  const side = { values: chosen, features, units: kept.length };
  return productOfColumns(side, side, backend);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
