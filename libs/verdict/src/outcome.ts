import type { EvidenceRecord, VerdictClass, VerdictReason, WrittenSentence } from '@jokbo/contracts';
import type { CalibratedStatistic } from '@jokbo/evidence';

/** What one rule decides. */
export interface Outcome {
  readonly verdict: VerdictClass;
  readonly type?: string;
  readonly reasons: readonly VerdictReason[];
  /** Share of the parameters that is inherited value by value, and not by whole blocks. Absent = none. */
  readonly sharePerValue?: number;
  /** The statistic under a recovered alignment that decided, where none of tier 1 did. */
  readonly aligned?: CalibratedStatistic;
}

/** A reason that names the records that decided, each once. */
export function reason(
  code: string,
  records: readonly (EvidenceRecord | undefined)[],
  sentence: WrittenSentence,
): VerdictReason {
  const ids = records.flatMap((record) => record?.id ?? []);
  return { code, records: [...new Set(ids)], ...sentence };
}
