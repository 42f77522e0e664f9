import type { EvidenceRecord } from '@jokbo/contracts';
import { calibrateDisguise, type CalibratedStatistic, type ControlPair } from '@jokbo/evidence';

/** A pair of models that are documented independent, with tier 3 measured as of an audited pair. */
export interface DisguiseControl {
  readonly a: string;
  readonly b: string;
  readonly alike: boolean;
  readonly records: readonly EvidenceRecord[];
  /** Primaries of the pair. */
  readonly tier1: readonly EvidenceRecord[];
}

/** What is asked of the controls of one audited pair. */
export interface DisguiseQuestion {
  readonly subject: string;
  readonly reference: string;
  /** Tier 3 of the pair. */
  readonly records: readonly EvidenceRecord[];
  /** Tier 1 of the subject against a model; null where it was not compared, as that model is the subject itself. */
  readonly tier1Of: (model: string) => readonly EvidenceRecord[] | null;
}

/**
 * Tier 3 of an audited pair beside its controls. A control that holds the subject itself is none; nor is the audited pair.
 */
export function besideControls(
  question: DisguiseQuestion,
  controls: readonly DisguiseControl[],
): readonly CalibratedStatistic[] {
  const { subject, reference, records, tier1Of } = question;
  const pairs = controls.flatMap(({ a, b, ...control }): ControlPair[] => {
    if ([a, b].every((model) => model === subject || model === reference)) return [];
    const [toA, toB] = [tier1Of(a), tier1Of(b)];
    if (toA === null || toB === null) return [];
    return [
      {
        name: `${a} × ${b}`,
        alike: control.alike,
        records: control.records,
        // A pair that nobody compared by tier 1 is dropped, whatever is known of the subject.
        tier1: control.tier1.length === 0 ? [] : [...control.tier1, ...toA, ...toB],
      },
    ];
  });
  return calibrateDisguise(records, pairs).statistics;
}
