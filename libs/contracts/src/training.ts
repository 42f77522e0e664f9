import { JokboError, type ErrorContext } from './errors.js';

/** A training record breaks its format: permanent, and no reason to stop an audit of weights. */
export class MalformedTrainingRecord extends JokboError {
  /** Which rule it breaks, e.g. `crc`; stable, for tests and reports. */
  readonly rule: string;
  constructor(rule: string, message: string, context: ErrorContext = {}) {
    super(message, context);
    this.rule = rule;
  }
}

/** The tests of a training trajectory, in the order in which reports show them. They are never merged. */
export const TRAINING_TESTS = [
  'checkpoint_digests',
  'step0_initialisation',
  'step0_from_seed',
  'descends_from_step0',
  'path_smooth',
  'references_flat',
  'log_consistent',
  'log_files_agree',
  'log_against_evaluation',
  'compute_plausible',
] as const;
export type TrainingTestName = (typeof TRAINING_TESTS)[number];

export type TrainingOutcome = 'pass' | 'fail' | 'not_provided';

/** One figure of a test. With a relation it decides; without, it is context. Null = not measured. */
export interface TrainingFigure {
  /** snake_case, unique in its test. */
  readonly name: string;
  readonly value: number | null;
  readonly relation: 'at_most' | 'at_least' | null;
  readonly limit: number | null;
  /** Tensor, step or row that the figure is of. */
  readonly at: string | null;
}

/** One thing that a reader should look at; never decides by itself. */
export interface TrainingFinding {
  readonly code: string;
  /** Tensor, step, row or file that it is about. */
  readonly at: string | null;
  readonly value: number | string | null;
}

/** One test with its statistic, limits and reason. */
export interface TrainingTest {
  readonly test: TrainingTestName;
  readonly outcome: TrainingOutcome;
  /** Name of the first figure beyond its limit, or code of what was not provided; null for a pass. */
  readonly reason: string | null;
  readonly figures: readonly TrainingFigure[];
  readonly findings: readonly TrainingFinding[];
  /** Findings beyond those listed. */
  readonly findings_more: number;
}

/** One reference at one checkpoint. */
export interface ReferencePoint {
  readonly reference: string;
  /** Residual-axis trace, joint over all tensors; null where nothing is comparable. */
  readonly joint_z: number | null;
  /** Largest |z| of the registered primaries, after the square root of λ. */
  readonly primary_z: number | null;
}

/** One checkpoint of a trajectory. */
export interface TrajectoryPoint {
  readonly step: number;
  /** Below the folder of the training records; `.` = the release. */
  readonly path: string;
  readonly tokens: number | null;
  readonly eval_loss: number | null;
  /** SHA-256 of the fingerprint. */
  readonly fingerprint: string;
  /** Joint trace against step 0. */
  readonly start_z: number | null;
  readonly start_r: number | null;
  /** Share of step 0 that is left: Σ θ0 θt / Σ θ0² over the decayed matrices. */
  readonly start_share: number | null;
  /** Joint trace against the checkpoint before. */
  readonly previous_z: number | null;
  /** Cosine of all elements with the checkpoint before. */
  readonly previous_cosine: number | null;
  /** Largest of max |Δ| over what the optimiser can move, over tensors. */
  readonly previous_step_ratio: number | null;
  readonly references: readonly ReferencePoint[];
}

/** What the team handed over, and what could be read of it. */
export interface TrainingRecords {
  readonly training_json: boolean;
  readonly checkpoints: number;
  readonly history_files: readonly string[];
  readonly wandb_files: readonly string[];
  readonly log_rows: number | null;
}

/** The outcome of all tests on one release. */
export interface TrainingSection {
  /** Id or source of the release. */
  readonly subject: string;
  readonly records: TrainingRecords;
  readonly points: readonly TrajectoryPoint[];
  readonly tests: readonly TrainingTest[];
  /** Records that could not be read: which, and why. */
  readonly unreadable: readonly { readonly object: string | null; readonly message: string }[];
  /** The command that tests the records again, run in the programme's folder; absent outside of an audit and before it was told. */
  readonly reproduce?: string;
}

/** The output of `jokbo trajectory --format json`. */
export interface TrajectoryDocument extends TrainingSection {
  readonly schema_version: 1;
  readonly tool: { readonly name: 'jokbo'; readonly version: string; readonly sampling: string };
}
