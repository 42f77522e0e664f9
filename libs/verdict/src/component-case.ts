import type { Calibration, Component, ControlRecord, EvidenceRecord, RuleThresholds } from '@jokbo/contracts';
import { calibratedZ, log10PTwoSided } from '@jokbo/statistics';
import { recordLambda } from './calibrate.js';
import type { PairDisguise } from './disguise-evidence.js';
import { primariesOf, type MeasuredModel, type MeasuredPair } from './measurements.js';

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
  readonly rules: RuleThresholds;
  /** Whether a component is clean only after disguise tests. */
  readonly tier3: 'waived' | 'required';
  readonly disguise: PairDisguise;
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
      log10PAdjusted <= facts.rules.reject_log10_p &&
      Math.abs(z) >= facts.rules.reject_z &&
      Math.abs(record.r ?? 0) >= facts.rules.effect_floor;
    return [{ record, z, lambda, log10P, log10PAdjusted, rejects }];
  });
}
