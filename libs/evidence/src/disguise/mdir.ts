import type { EvidenceRecord } from '@jokbo/contracts';
import { haarTrace } from '@jokbo/statistics';
import type { Overlap } from './rotation.js';
import type { SharedTokens } from './shared-tokens.js';
import { disguiseRecord, notAligned, type ModelPair, type Widths } from './model-pair.js';

/**
 * MDIR (arXiv 2508.06309), its first step: the polar factor U of E₁'E₂ over shared tokens, the signed permutation P
 * nearest to it by assignment, and tr(P'U), which is N(0, 1) for a U of Haar measure and a P that was not searched for.
 * The best of all permutations of an independent U reaches .24 per dimension at 128, with little spread, which control
 * pairs measure; the published p (Haar, union over all permutations) is a detail. Blind to a rotation.
 */
export function mdirEvidence(
  pair: ModelPair,
  overlap: Overlap,
  tokens: SharedTokens,
  widths: Widths,
): EvidenceRecord {
  const statistic = { method: 'mdir', component: 'embedding', permuted: 'residual dimensions' } as const;
  const { values, features, units } = overlap.matrix;
  if (features !== units) return notAligned(pair, statistic, 'residual-width-differs');
  const { trace, log10P } = haarTrace(Float64Array.from(values).map(Math.abs), overlap.columnOfRow, units);
  return disguiseRecord(pair, statistic, widths, {
    z: trace,
    r: overlap.coefficient,
    units,
    ceiling: units,
    tensors: 1,
    features: tokens.own.features,
    parameters: pair.subject.tensors.get('text|-|embed|-|weight')?.parameters ?? 0,
    details: { haar_log10_p: log10P, shared_tokens: tokens.common },
  });
}
