/** How the elements of a tensor were drawn before the first step. */
export type InitialLaw =
  | { readonly kind: 'normal'; readonly std: number }
  /** A normal of this standard deviation, cut at ± `cutoff` of them. */
  | { readonly kind: 'truncated_normal'; readonly std: number; readonly cutoff: number }
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'constant'; readonly value: number };

/** The initialisation that a team declares: `init` of training.json. */
export interface DeclaredInitialisation {
  /** Name of the formula that turns the seed into values; null = none is declared. */
  readonly scheme: string | null;
  /** Law of every matrix that no other entry names. */
  readonly matrices: InitialLaw | null;
  /** Law of the matrices that write to the residual stream: o and down. */
  readonly residualOut: InitialLaw | null;
  readonly norms: InitialLaw | null;
  readonly biases: InitialLaw | null;
  readonly correctionBiases: InitialLaw | null;
  /** Laws by role (`moe.router`), before all others. */
  readonly roles: ReadonlyMap<string, InitialLaw>;
  readonly testVector: { readonly tensor: string; readonly unitNormals: readonly number[] } | null;
}

export interface DeclaredOptimiser {
  readonly name: string;
  readonly beta1: number | null;
  readonly beta2: number | null;
  readonly weightDecay: number | null;
  /** Factor on the orthogonal update of Muon, by name. */
  readonly updateScale: string | null;
}

export interface DeclaredSchedule {
  readonly name: string;
  readonly peakLr: number;
  readonly minLr: number | null;
  readonly warmupSteps: number | null;
  readonly totalSteps: number | null;
}

export interface DeclaredHardware {
  readonly accelerator: string | null;
  readonly count: number | null;
  /** Dense peak of one accelerator in the precision of the run, FLOP/s. */
  readonly peakFlops: number | null;
  /** Time of the whole run. */
  readonly seconds: number | null;
}

export interface DeclaredCheckpoint {
  /** Updates made before it was written. */
  readonly step: number;
  /** Below the folder of training.json; `.` = that folder. */
  readonly path: string;
  readonly tokens: number | null;
  readonly evalLoss: number | null;
  /** SHA-256 in lower-case hex, by file name below the checkpoint's folder. */
  readonly files: ReadonlyMap<string, string>;
}

/** What training.json says; null where it says nothing. */
export interface TrainingRecord {
  readonly object: string;
  /** Decimal digits: a seed of 64 bits does not fit f64. */
  readonly seed: string | null;
  readonly runId: string | null;
  readonly totalSteps: number | null;
  readonly totalTokens: number | null;
  /** Tokens per step. */
  readonly batchTokens: number | null;
  readonly activeParameters: number | null;
  readonly init: DeclaredInitialisation | null;
  readonly optimiser: DeclaredOptimiser | null;
  readonly schedule: DeclaredSchedule | null;
  readonly hardware: DeclaredHardware | null;
  /** In rising order of step. */
  readonly checkpoints: readonly DeclaredCheckpoint[];
}
