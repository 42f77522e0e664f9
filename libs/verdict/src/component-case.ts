import type { Calibration, Component, ControlRecord, EvidenceRecord } from '@jokbo/contracts';
import { calibratedZ, log10PTwoSided } from '@jokbo/statistics';
import { recordLambda } from './calibrate.js';
import { primariesOf, type MeasuredModel, type MeasuredPair } from './measurements.js';
import { EFFECT_FLOOR, REJECT_LOG10_P, REJECT_Z } from './rule-set.js';

/** A primary with its calibrated figures. */
export interface JudgedPrimary {
  readonly record: EvidenceRecord;
  readonly z: number;
  readonly lambda: number;
  readonly log10P: number;
  /** Holm-adjusted over every primary of the audit. */
  readonly log10PAdjusted: number;
  readonly rejects: boolean;
}

/** Everything that the rule reads about one component of one pair. */
export interface ComponentCase {
  readonly component: Component;
  readonly pair: MeasuredPair;
  readonly subject: MeasuredModel;
  readonly reference: MeasuredModel;
  readonly calibration: readonly Calibration[];
  readonly adjusted: ReadonlyMap<string, number>;
  readonly controls: readonly ControlRecord[];
  readonly tier3: 'waived' | 'required' | 'negative';
}

/** z_λ and the adjusted p of every measured primary of a component. */
export function judgePrimaries(facts: ComponentCase): JudgedPrimary[] {
  return primariesOf(facts.pair.records, facts.component).flatMap((record) => {
    if (record.z === null) return [];
    const lambda = recordLambda(facts.calibration, record, facts.subject);
    const z = calibratedZ(record.z, lambda);
    const log10P = log10PTwoSided(z);
    const log10PAdjusted = facts.adjusted.get(record.id) ?? log10P;
    const rejects =
      log10PAdjusted <= REJECT_LOG10_P && Math.abs(z) >= REJECT_Z && Math.abs(record.r ?? 0) >= EFFECT_FLOOR;
    return [{ record, z, lambda, log10P, log10PAdjusted, rejects }];
  });
}
