import type { EvidenceRecord } from '@jokbo/contracts';
import { pearson, rawCosine } from '@jokbo/statistics';
import type { Comparison } from './comparison.js';
import { evidenceRecord } from './evidence-record.js';
import { IDENTITY_MAP } from './layer-map.js';
import { isSkipped, loadPairedFactor, toFactor } from './paired-factor.js';
import { pairTensors } from './paired-tensors.js';

/**
 * Raw cosine and Pearson correlation of the norm weights, layer by layer under the identity map (tier 4). Norm
 * weights are positive and nearly constant, so the raw cosine is close to 1/√((1 + CV²)(1 + CV²)) for *any* two
 * models: shown beside its third-model baseline, never used.
 */
export async function normContextEvidence(comparison: Comparison): Promise<EvidenceRecord> {
  const { subject, reference } = comparison;
  const cosines: number[] = [];
  const pearsons: number[] = [];
  let parameters = 0;
  const { pairs, skipped } = pairTensors(subject, reference, comparison.component, IDENTITY_MAP);
  for (const pair of pairs) {
    if (pair.subject.shape.length !== 1 || pair.subject.part !== 'weight') continue;
    const factor = await loadPairedFactor(pair, subject, reference);
    if (isSkipped(factor)) continue;
    const [a, b] = [toFactor(factor.a).values, toFactor(factor.b).values];
    const [cosine, correlation] = [rawCosine(a, b), pearson(a, b)];
    if (cosine !== null) cosines.push(cosine);
    if (correlation !== null) pearsons.push(correlation);
    parameters += pair.subject.parameters;
  }
  const identity = {
    ...comparison,
    method: 'norm_context',
    tier: 4,
    primary: false,
    nullHypothesis: 'none: about 0.97 or more for any two models',
  } as const;
  if (cosines.length === 0) {
    return evidenceRecord(identity, { status: 'not_applicable', reason: 'no-matched-tensors', skipped });
  }
  return evidenceRecord(identity, {
    tensors: cosines.length,
    parameters,
    details: {
      cosine: mean(cosines),
      cosine_min: Math.min(...cosines),
      cosine_max: Math.max(...cosines),
      pearson: pearsons.length === 0 ? null : mean(pearsons),
      pearson_max_abs: pearsons.length === 0 ? null : Math.max(...pearsons.map(Math.abs)),
    },
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
