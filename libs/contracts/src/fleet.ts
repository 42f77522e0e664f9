import type {
  Activities,
  BatchActivities,
  BatchLimits,
  ComparisonBatch,
  ComparisonStep,
  DueComparisons,
  EvidenceReference,
  FingerprintReference,
  PlannedComparison,
  PlannedModel,
  ResultReference,
  ShardGroup,
  TrainingReference,
} from './activities.js';

/** Namespace of all workflows, unless TEMPORAL_NAMESPACE names another. */
export const FLEET_NAMESPACE = 'jokbo';

/** Queues that the roles of a worker poll. */
export const FLEET_QUEUES = { workflow: 'jokbo-workflows', cpu: 'jokbo-cpu', gpu: 'jokbo-gpu' } as const;

/** Name under which workers of several versions of the code are told apart. */
export const FLEET_DEPLOYMENT = 'jokbo';

export type FleetRole = keyof typeof FLEET_QUEUES;

/** Search attributes of an audit and their types: the namespace must have them. They are never encrypted. */
export const FLEET_SEARCH_ATTRIBUTES = {
  AuditState: 'KEYWORD',
  ShardsDone: 'INT',
  ShardsTotal: 'INT',
} as const;

/** Names by which a running audit is asked and told. */
export const FLEET_MESSAGES = {
  progress: 'progress',
  pause: 'pause',
  resume: 'resume',
  prioritise: 'prioritise',
} as const;

/** How urgent an audit is beside others: 1 goes first, 5 last. */
export type FleetPriority = 1 | 2 | 3 | 4 | 5;

export const DEFAULT_PRIORITY: FleetPriority = 3;

/** What an audit on the fleet counts; the stages of the local driver's progress. */
export type FleetStage = 'inventory' | 'fingerprint' | 'compare';

/** How far one stage is. */
export interface FleetCount {
  readonly stage: FleetStage;
  readonly expected: number;
  readonly done: number;
  /** Bytes that were read from storage; those of stored parts are not among them. */
  readonly read: number;
}

/** Answer to the query of an audit, or of one of its windows or batches. */
export interface FleetProgress {
  readonly paused: boolean;
  readonly priority: FleetPriority;
  readonly counts: readonly FleetCount[];
  /** Workflow ids of windows and batches that run: what they have done is not counted yet. */
  readonly windows: readonly string[];
  /** Models and comparisons that failed for good while the audit goes on, the first ones; absent where none did. */
  readonly failures?: readonly string[];
}

/** How a model is read, and how many parts that makes. */
export interface MadeGroups {
  readonly groups: readonly ShardGroup[];
  readonly parts: number;
}

/** What reading a group of shards took. */
export interface ReadShards {
  readonly parts: number;
  /** Bytes that were read from storage. */
  readonly read: number;
}

/** A fingerprint that was made, and what making it took. */
export interface MadeFingerprint extends FingerprintReference, ReadShards {}

/** What a comparison gave; which one it was is known to whoever asked. */
export type FleetOutcome = Omit<EvidenceReference, 'comparison'>;

/** An activity that failed for good, as data: what runs beside it goes on. */
export interface FleetFailure {
  /** Name of the class of the error. */
  readonly type: string;
  readonly message: string;
  /** What the error is made of again. */
  readonly details: readonly unknown[];
}

/**
 * The stages of an audit as a fleet runs them: as `Activities`, but that whatever grows with the programme is handed over
 * by reference, so that no payload does.
 */
export interface FleetActivities
  extends Pick<Activities, 'plan' | 'trajectory' | 'publish'>, Pick<BatchActivities, 'split' | 'join'> {
  /** Stores what grows with a programme; its key. */
  storePage(items: readonly unknown[]): Promise<string>;
  readPage(page: string): Promise<readonly unknown[]>;
  shards(plan: string, model: PlannedModel): Promise<MadeGroups>;
  readShards(plan: string, group: ShardGroup): Promise<ReadShards>;
  fingerprint(plan: string, model: PlannedModel): Promise<MadeFingerprint>;
  /** @param compared keys of the pages of batches, in order. */
  due(
    plan: string,
    step: ComparisonStep,
    compared: readonly string[],
    limits: BatchLimits,
    unread: readonly string[],
  ): Promise<DueComparisons>;
  readBatch(batch: ComparisonBatch): Promise<readonly PlannedComparison[]>;
  compare(
    plan: string,
    comparison: PlannedComparison,
    fingerprints: readonly FingerprintReference[],
  ): Promise<FleetOutcome>;
  /**
   * @param compared keys of the pages of batches, in order.
   * @param failures keys of the pages of models that failed; absent where none did.
   */
  decide(
    plan: string,
    fingerprints: readonly FingerprintReference[],
    compared: readonly string[],
    training: readonly TrainingReference[],
    failures?: readonly string[],
  ): Promise<ResultReference>;
}

/** What a worker that runs workflows is asked by them, on the spot. */
export interface FleetRouting {
  /** Comparisons that workers with GPUs could begin soon; 0 where none polls. */
  gpuRoom(): Promise<number>;
}
