import type {
  Activities,
  AuditRequest,
  EvidenceReference,
  FingerprintReference,
  PlannedComparison,
  PlannedModel,
  ResultReference,
  TrainingReference,
} from './activities.js';

/** Namespace of all workflows, unless TEMPORAL_NAMESPACE names another. */
export const FLEET_NAMESPACE = 'jokbo';

/** Queues that the roles of a worker poll. */
export const FLEET_QUEUES = { workflow: 'jokbo-workflows', cpu: 'jokbo-cpu' } as const;

export type FleetRole = keyof typeof FLEET_QUEUES;

/** Search attributes of an audit and their types: the namespace must have them. They are never encrypted. */
export const FLEET_SEARCH_ATTRIBUTES = {
  AuditState: 'KEYWORD',
  ShardsDone: 'INT',
  ShardsTotal: 'INT',
} as const;

/** Names by which a running audit is asked and told. */
export const FLEET_MESSAGES = { progress: 'progress', pause: 'pause', resume: 'resume' } as const;

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

/** Answer to the query of an audit, or of one of its windows. */
export interface FleetProgress {
  readonly paused: boolean;
  readonly counts: readonly FleetCount[];
  /** Workflow ids of windows that run: what they have done is not counted yet. */
  readonly windows: readonly string[];
}

/** A plan whose comparisons lie in storage, in pages that fit a payload. */
export interface PagedPlan {
  readonly id: string;
  readonly models: readonly PlannedModel[];
  readonly training?: readonly string[];
  /** Keys of the pages of comparisons, in order. */
  readonly pages: readonly string[];
}

/** A fingerprint that was made, and what making it took. */
export interface MadeFingerprint extends FingerprintReference {
  readonly parts: number;
  /** Bytes that were read from storage. */
  readonly read: number;
}

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
export interface FleetActivities extends Pick<Activities, 'split' | 'join' | 'trajectory' | 'publish'> {
  plan(request: AuditRequest): Promise<PagedPlan>;
  /** One page of the comparisons of a plan. */
  readPage(page: string): Promise<readonly PlannedComparison[]>;
  fingerprint(plan: string, model: PlannedModel): Promise<MadeFingerprint>;
  compare(
    plan: string,
    comparison: PlannedComparison,
    fingerprints: readonly FingerprintReference[],
  ): Promise<FleetOutcome>;
  /** Stores a page of evidence; its key. */
  storeEvidence(evidence: readonly EvidenceReference[]): Promise<string>;
  /** @param evidence keys of the pages of evidence, in order. */
  decide(
    plan: string,
    fingerprints: readonly FingerprintReference[],
    evidence: readonly string[],
    training: readonly TrainingReference[],
  ): Promise<ResultReference>;
}
