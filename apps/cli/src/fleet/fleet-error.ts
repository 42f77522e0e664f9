import { FleetUnavailable } from '@jokbo/contracts';
import { reviveError, type ErrorMessage } from '@jokbo/fingerprint';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/client';
import { WorkflowFailedError } from '@temporalio/client';

/** The error that ended an audit on the fleet, as the local driver would have thrown it. */
export function fleetError(error: unknown): unknown {
  if (!(error instanceof WorkflowFailedError)) return error;
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof CancelledFailure) {
      return new FleetUnavailable('the audit was cancelled; finished parts are kept', { cause });
    }
    if (cause instanceof TerminatedFailure) {
      return new FleetUnavailable('the audit was terminated; finished parts are kept', { cause });
    }
    if (cause instanceof ApplicationFailure) {
      const [message] = cause.details ?? [];
      return isErrorMessage(message) ? reviveError(message) : cause;
    }
  }
  return new FleetUnavailable(`the audit failed: ${error.message}`, { cause: error });
}

function isErrorMessage(value: unknown): value is ErrorMessage {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'message' in value &&
    typeof value.message === 'string' &&
    'stack' in value &&
    'rule' in value
  );
}
