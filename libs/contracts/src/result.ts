import type { Component } from './component.js';
import type { EvidenceRecord, LayerMap } from './evidence.js';
import type { AuditFailures } from './failures.js';
import type { CodedSentence } from './result-figures.js';
import type { RuleEvaluation, RuleSet } from './rule-set.js';
import type { TeamStatements } from './statements.js';
import type { TrainingSection } from './training.js';
import type { Calibration, PairVerdict, VerdictClass } from './verdict.js';

/** One model as the audit saw it. */
export interface ModelSummary {
  readonly id: string;
  readonly name: string;
  readonly role: 'subject' | 'reference';
  readonly team: string | null;
  readonly family: string | null;
  readonly model_type: string;
  readonly architecture: 'listed' | 'unlisted';
  readonly hidden_size: number | null;
  readonly layers: number | null;
  readonly parameters: number;
  readonly bytes: number;
  /** SHA-256 of the fingerprint. */
  readonly fingerprint: string;
  /** Content digest per shard: SHA-256 over header bytes and tensor digests. */
  readonly files: readonly { readonly path: string; readonly size: number; readonly digest: string }[];
  readonly parameters_by_component: Readonly<Partial<Record<Component, number>>>;
  readonly coverage: Coverage;
  readonly findings: readonly string[];
}

/** What was scanned and what was not. */
export interface Coverage {
  readonly tensors: number;
  readonly mapped: number;
  readonly parameters: number;
  readonly parameters_mapped: number;
  readonly excluded: readonly {
    readonly stored: string;
    readonly reason: string;
    readonly parameters: number;
  }[];
  /** Excluded tensors beyond those listed. */
  readonly excluded_more: number;
}

/** An alignment that tier 3 recovered and that stands above its controls. */
export interface RecoveredAlignment {
  readonly kind: 'permutation' | 'rotation' | 'hidden_units' | 'heads';
  /** What the reference's weights were turned by, in words. */
  readonly name: string;
  /** SHA-256 of the map: its address in the work folder. */
  readonly digest: string;
  /** The map itself, below the folder of the report. */
  readonly file: string;
  /** Records that were measured under it and stand above their controls. */
  readonly records: readonly string[];
}

/** Tests of one release without a reference: experts or layers that were copied from each other. */
export interface SelfTestResult {
  readonly subject: string;
  readonly records: readonly EvidenceRecord[];
}

export interface PairResult {
  readonly subject: string;
  readonly reference: string;
  readonly mode: 'sampled' | 'full';
  readonly verdict: PairVerdict;
  readonly evidence: readonly EvidenceRecord[];
  readonly maps: readonly LayerMap[];
  /** Recovered alignments; absent where there is none. */
  readonly alignments?: readonly RecoveredAlignment[];
  readonly reproduce: string;
}

export interface LeaderboardRow {
  readonly team: string;
  readonly release: string;
  readonly subject: string;
  readonly outcome: VerdictClass;
  readonly declared: boolean;
  readonly components: readonly {
    readonly component: Component;
    readonly verdict: VerdictClass;
    /** Reference with the most severe verdict, or the largest |z|. */
    readonly nearest: string | null;
    readonly z: number | null;
  }[];
  /** Largest over the references; null where none is comparable. */
  readonly linked_share: number | null;
  /** Reference with the most severe verdict, the largest share linked and, of several, the largest effect. */
  readonly nearest: string | null;
  /** Every reference of that verdict and share, by falling effect: at least two; absent where only one has them. */
  readonly nearest_ties?: readonly string[];
  readonly comparable_references: number;
  readonly references: number;
  readonly controls_passed: number;
  readonly controls_due: number;
}

/** The rule set that decided, whole. */
export interface DecidingRules extends RuleSet {
  /** SHA-256 of the rule set as canonical JSON. */
  readonly digest: string;
  readonly tier3_run: boolean;
}

/** The single source of every report. Canonical key order; no times, hosts or retries. */
export interface ResultDocument {
  readonly schema_version: 1;
  readonly tool: {
    readonly name: 'jokbo';
    readonly version: string;
    readonly sampling: string;
    /** Version of the evidence: raised whenever the same fingerprints would give other figures. Absent before it was. */
    readonly evidence?: number;
  };
  readonly programme: {
    readonly name: string;
    readonly language: 'ko' | 'en';
    readonly digest: string;
    /** Last day on which teams may object, as YYYY-MM-DD in Korean time; absent = the programme names none. */
    readonly objections_until?: string;
  };
  readonly rules: DecidingRules;
  /** One per subject, in the order of the programme; absent where the rule set has no criteria. */
  readonly evaluations?: readonly RuleEvaluation[];
  readonly leaderboard: readonly LeaderboardRow[];
  readonly models: readonly ModelSummary[];
  readonly calibration: readonly Calibration[];
  readonly pairs: readonly PairResult[];
  /** One section per subject with training records; absent where no subject has some. */
  readonly training?: readonly TrainingSection[];
  /** One entry per subject with experts or layers to hold against each other; absent where none has some. */
  readonly self_tests?: readonly SelfTestResult[];
  /** One entry per subject whose team declared or answered something; absent where none did. */
  readonly statements?: readonly TeamStatements[];
  /** Models and comparisons that failed for good; absent where none did. */
  readonly failures?: AuditFailures;
  readonly caveats: readonly string[];
  /** The same caveats as keys with figures; absent in results that were made before sentences had keys. */
  readonly caveat_messages?: readonly CodedSentence[];
  /** SHA-256 of the result of which the measurements were judged again; absent in the result of an audit. */
  readonly supersedes?: string;
}
