import type { EvidenceRecord, Method, SkippedTensor } from '@jokbo/contracts';
import type { Comparison } from '../comparison.js';
import type { ContiguousMap } from '../layer-map.js';
import { evidenceRecord, type RecordFigures, type RecordIdentity } from '../evidence-record.js';

/** Two models that are held against each other under an alignment, whatever the component. */
export type ModelPair = Pick<
  Comparison,
  'subject' | 'reference' | 'backend' | 'identityOnly' | 'primariesOnly' | 'signal'
> & {
  /** Layers that follow others under a recovered alignment; null or absent where the contiguous maps have them all. */
  readonly followed?: ContiguousMap | null;
};

/** One statistic of a recipe on one component. */
export interface DisguiseStatistic {
  readonly method: Method;
  readonly component: Comparison['component'];
  /** What would be permuted if the alignment had not been learned, in words. */
  readonly permuted: string;
}

/** Widths of the two residual streams, by which control pairs are chosen. */
export interface Widths {
  readonly subject: number;
  readonly reference: number;
}

function identityOf(pair: ModelPair, statistic: DisguiseStatistic): RecordIdentity {
  const { method, component, permuted } = statistic;
  return {
    ...pair,
    method,
    component,
    tier: 3,
    primary: false,
    nullHypothesis: `${permuted}; alignment learned, so held against control pairs`,
  };
}

/**
 * Record of a statistic under a learned alignment. Its z has no exact null, hence no p of its own: it means something
 * beside the same statistic of control pairs of the same widths alone.
 */
export function disguiseRecord(
  pair: ModelPair,
  statistic: DisguiseStatistic,
  widths: Widths,
  figures: RecordFigures,
): EvidenceRecord {
  const details = { width_subject: widths.subject, width_reference: widths.reference, ...figures.details };
  return evidenceRecord(identityOf(pair, statistic), { ...figures, log10_p: null, details });
}

/** Record of a statistic that does not apply to a pair. */
export function notAligned(
  pair: ModelPair,
  statistic: DisguiseStatistic,
  reason: string,
  skipped: readonly SkippedTensor[] = [],
): EvidenceRecord {
  return evidenceRecord(identityOf(pair, statistic), { status: 'not_applicable', reason, skipped });
}
