import type { FleetFailure } from '@jokbo/contracts';
import { PartFailures } from '@jokbo/pipeline';
import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  isCancellation,
  TemporalFailure,
} from '@temporalio/workflow';

/** The failure of an activity under the name and message that it had on its worker. */
export class RemoteFailure extends Error {
  readonly failure: FleetFailure;
  /** What it was about, as the error on the worker said. */
  readonly rule: unknown;
  readonly object: unknown;
  readonly tensor: unknown;
  constructor(failure: FleetFailure) {
    super(failure.message);
    this.name = failure.type;
    this.failure = failure;
    const [described] = failure.details;
    const { rule, object, tensor } = (described ?? {}) as Readonly<Record<string, unknown>>;
    this.rule = rule;
    this.object = object;
    this.tensor = tensor;
  }
}

/**
 * The failure of an activity, or of a child, as data.
 *
 * @throws the error itself where it tells of a cancellation, or of a mistake in a workflow.
 */
export function failureData(error: unknown): FleetFailure {
  if (error instanceof RemoteFailure) return error.failure;
  if (isCancellation(error) || !(error instanceof TemporalFailure)) throw error;
  let cause: Error = error;
  while ((cause instanceof ActivityFailure || cause instanceof ChildWorkflowFailure) && cause.cause) {
    cause = cause.cause;
  }
  const application = cause instanceof ApplicationFailure ? cause : null;
  return {
    type: application?.type ?? cause.name,
    message: cause.message,
    details: application?.details ?? [],
  };
}

/** What fails has the name and the message that it had on its worker. */
export async function remotely<R>(run: () => Promise<R>): Promise<R> {
  try {
    return await run();
  } catch (error) {
    throw new RemoteFailure(failureData(error));
  }
}

/** The error with which a workflow ends for one that its stages threw. */
export function workflowFailure(error: unknown): unknown {
  if (error instanceof PartFailures) {
    const cancelled = error.failures.find(({ cause }) => isCancellation(cause));
    if (cancelled !== undefined) return cancelled.cause;
    // What a mistake in a workflow threw is mended and tried again, not reported.
    const mistake = error.failures.find(({ cause }) => !(cause instanceof RemoteFailure));
    if (mistake !== undefined) return mistake.cause;
    const { name, message } = error;
    const described = { name, message, rule: null, object: null, tensor: null, value: null, stack: null };
    return ApplicationFailure.nonRetryable(message, name, described);
  }
  if (!(error instanceof RemoteFailure)) return error;
  const { type, message, details } = error.failure;
  return ApplicationFailure.create({ type, message, nonRetryable: true, details: [...details] });
}
