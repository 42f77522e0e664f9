import type { ResultReference } from '@jokbo/contracts';
import { uniform } from '../power/model/seeded-random.js';
import type { Random } from '@jokbo/statistics';
import type { AuditRun, FaultFleet } from './fault-fleet.js';

/** Milliseconds after which a server gives a silent worker up, and some more. */
export const SILENT_MS = 26_000;

/** What a scenario works with. */
export interface ScenarioDeps {
  readonly fleet: FaultFleet;
  readonly random: Random;
  /** Waits for the end of an audit, at most so long as one may take. */
  readonly ended: (audit: AuditRun) => Promise<AuditEnd>;
  /** Why the end of an audit is not that of one without faults, with its result once in the database; null where it is. */
  readonly check: (end: AuditEnd) => Promise<string | null>;
  /** Whether whoever runs the campaign asked it to end: no further faults are made. */
  readonly isStopped: () => boolean;
  readonly say: (line: string) => void;
  /** Told what a long scenario has done so far, all of it as it should: a campaign that is killed has it on its page. */
  readonly reached: (part: Pick<ScenarioRun, 'faults' | 'audits' | 'note'>) => Promise<void>;
}

/** How an audit ended. */
export type AuditEnd =
  | { readonly kind: 'result'; readonly reference: ResultReference }
  | { readonly kind: 'failed' | 'cancelled'; readonly error: string };

/** What a scenario did, and the audit that came of it. */
export interface ScenarioRun {
  /** Faults that were made. */
  readonly faults: number;
  /** Errors with which audits ended before, where the fault is one that no retry cures. */
  readonly errors: readonly string[];
  readonly end: AuditEnd;
  /** Audits that were run and compared; one when left out. */
  readonly audits?: number;
  /** Results that it published: more than one where an audit gave one of which a part had failed. @default 1 */
  readonly results?: number;
  /** What an audit before the last one did that it should not. */
  readonly failure?: string | null;
  /** What the page tells beside the table. */
  readonly note?: string;
}

/** One kind of fault. */
export interface Scenario {
  readonly name: string;
  /** What audits must end with before the fault is mended; null where the audit itself must survive it. */
  readonly fails: RegExp | null;
  run(deps: ScenarioDeps): Promise<ScenarioRun>;
}

/** A whole number from 0, uniform below a limit. */
export function below(random: Random, limit: number): number {
  return Math.floor(uniform(random) * limit);
}
