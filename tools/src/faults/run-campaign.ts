import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure, CancelledFailure, WorkflowFailedError } from '@temporalio/client';
import { seededRandom } from '../power/model/seeded-random.js';
import type { AuditRun, FaultFleet } from './fault-fleet.js';
import type { AuditEnd, Scenario, ScenarioDeps, ScenarioRun } from './scenario.js';

/** Milliseconds that an audit may take once its faults are over: 10 s on a quiet machine, minutes on a busy one. */
const AUDIT_LIMIT_MS = 1_800_000;

/** What came of one scenario. */
export interface ScenarioOutcome {
  readonly name: string;
  readonly faults: number;
  /** Audits whose result was compared. */
  readonly audits: number;
  /** With what audits ended before the fault was mended. */
  readonly errors: readonly string[];
  readonly seconds: number;
  /** Why it failed; null where the result is that of the audit without faults. */
  readonly failure: string | null;
  readonly note?: string | undefined;
}

export interface CampaignDeps extends Pick<ScenarioDeps, 'say' | 'isStopped'> {
  /** Told of what came of the scenarios so far, whenever there is more. */
  readonly report: (outcomes: readonly ScenarioOutcome[]) => Promise<void>;
}

/**
 * Runs every scenario on one fleet, and compares the bytes of each result with those of an audit without faults.
 *
 * @param seed what all random choices follow from.
 * @returns what came of those that were begun before it was asked to end.
 */
export async function runCampaign(
  fleet: FaultFleet,
  scenarios: readonly Scenario[],
  seed: string,
  { say, isStopped, report }: CampaignDeps,
): Promise<ScenarioOutcome[]> {
  const outcomes: ScenarioOutcome[] = [];
  let truth: string | null = null;
  for (const scenario of scenarios) {
    if (isStopped()) break;
    const { name } = scenario;
    const started = performance.now();
    const elapsed = (): number => (performance.now() - started) / 1000;
    const random = seededRandom(`${seed} ${name}`);
    await fleet.database.reset();
    const check = (end: AuditEnd): Promise<string | null> => wrongEnd(fleet, end, truth, 1);
    const reached: ScenarioDeps['reached'] = ({ audits = 1, ...part }) =>
      report([...outcomes, { name, ...part, audits, errors: [], seconds: elapsed(), failure: null }]);
    const run = await scenario
      .run({ fleet, random, ended, check, isStopped, say, reached })
      .catch((error: unknown) => brokenOff(error));
    const { faults, errors, end, audits = 1, results = 1, note } = run;
    if (truth === null && end.kind === 'result') truth = await fleet.stored(end.reference);
    const wrong = errors.find((error) => scenario.fails?.test(error) !== true);
    const failure =
      run.failure ??
      (await wrongEnd(fleet, end, truth, results)) ??
      (wrong === undefined ? null : `it ended with ${wrong}`);
    const seconds = elapsed();
    outcomes.push({ name, faults, audits, errors, seconds, failure, note });
    await report(outcomes);
    say(`${failure === null ? 'ok  ' : 'FAIL'} ${name}: ${faults} faults, ${seconds.toFixed(0)} s`);
    if (failure !== null) say(`     ${failure}`);
  }
  return outcomes;
}

/** A scenario that could not be made is one that failed; the others go on. */
function brokenOff(error: unknown): ScenarioRun {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { faults: 0, errors: [], end: { kind: 'failed', error: text }, failure: `broken off by ${text}` };
}

async function wrongEnd(
  fleet: FaultFleet,
  end: AuditEnd,
  truth: string | null,
  results: number,
): Promise<string | null> {
  if (end.kind !== 'result') return `the audit ${end.kind}: ${end.error}`;
  const document = await fleet.stored(end.reference);
  if (document === null) return 'the result is not in storage';
  if (document !== truth) return 'the result is another than that without faults';
  const rows = await fleet.database.published();
  return rows === results ? null : `${rows} results are in the database instead of ${results}`;
}

/** Waits for the end of an audit. A server that is away meanwhile is asked again. */
async function ended(audit: AuditRun): Promise<AuditEnd> {
  const deadline = performance.now() + AUDIT_LIMIT_MS;
  while (performance.now() < deadline) {
    try {
      const limit = sleep(deadline - performance.now(), null, { ref: false });
      const reference = await Promise.race([audit.result(), limit]);
      if (reference !== null) return { kind: 'result', reference };
    } catch (error) {
      if (error instanceof WorkflowFailedError) return endOf(error);
      await sleep(500);
    }
  }
  await audit.terminate().catch(() => undefined);
  return { kind: 'failed', error: `it did not end within ${AUDIT_LIMIT_MS / 1000} s` };
}

function endOf(error: WorkflowFailedError): AuditEnd {
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof CancelledFailure) return { kind: 'cancelled', error: 'cancelled' };
    if (cause instanceof ApplicationFailure) {
      return { kind: 'failed', error: `${cause.type ?? cause.name}: ${cause.message}` };
    }
  }
  return { kind: 'failed', error: error.message };
}
