import type { BatchLimits, FleetCount, FleetPriority } from '@jokbo/contracts';

/** What a run of an audit hands to the next one, which goes on with a new history. */
export interface CarriedAudit {
  /** Keys of the pages of the journal. */
  readonly journal?: readonly string[];
  readonly counts?: readonly FleetCount[];
  readonly paused?: boolean;
  readonly priority?: FleetPriority;
  readonly windowsStarted?: number;
  /** Events of a history at which an audit goes on with a new one. @default EVENTS_PER_RUN */
  readonly eventsPerRun?: number;
  /** @default PER_BATCH */
  readonly perBatch?: BatchLimits;
}

/**
 * Comparisons of a batch: some 1,500 events and half a megabyte of its history, of those over all elements up to hundreds of
 * activities each.
 */
export const PER_BATCH: BatchLimits = { sampled: 400, full: 4 };

/** The server asks for a new history at 4,096 events; what is in flight by then adds some hundred. */
export const EVENTS_PER_RUN = 3_000;

/** Events that a run has for calls of its own, however many it took to read the journal: some fifty batches. */
export const LEAST_EVENTS = 500;
