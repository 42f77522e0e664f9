import { PartFailures } from '@jokbo/pipeline';
import { ActivityFailure, ApplicationFailure, CancelledFailure } from '@temporalio/workflow';
import { describe, expect, it } from 'vitest';
import { failureData, RemoteFailure, workflowFailure } from './remote-failure.js';

const DETAILS = [{ name: 'ObjectChanged', message: 'it changed' }];

/** The failure of an activity whose worker said why. */
function activityFailure(cause: Error): ActivityFailure {
  return new ActivityFailure(
    'Activity task failed',
    'compare',
    '1',
    'NON_RETRYABLE_FAILURE',
    undefined,
    cause,
  );
}

const changed = activityFailure(
  ApplicationFailure.create({ type: 'ObjectChanged', message: 'it changed', details: DETAILS }),
);

describe('failureData', () => {
  it('has the name, the message and the details that the worker gave', () => {
    const failure = { type: 'ObjectChanged', message: 'it changed', details: DETAILS };
    expect(failureData(changed)).toEqual(failure);
    expect(failureData(new RemoteFailure(failure))).toBe(failure);
  });

  it('hands on cancellations, and mistakes of a workflow', () => {
    const cancelled = activityFailure(new CancelledFailure('cancelled'));
    expect(() => failureData(cancelled)).toThrow(cancelled);
    const mistake = new RangeError('no such window');
    expect(() => failureData(mistake)).toThrow(mistake);
  });
});

describe('workflowFailure', () => {
  const remote = new RemoteFailure(failureData(changed));

  it('is final, and says what the activity said', () => {
    expect(workflowFailure(remote)).toMatchObject({
      ...{ type: 'ObjectChanged', message: 'it changed', nonRetryable: true, details: DETAILS },
    });
  });

  it('names all that failed', () => {
    const parts = new PartFailures([
      { part: 'model a', cause: remote },
      { part: 'model b', cause: remote },
    ]);
    const message = '2 parts failed: model a: ObjectChanged: it changed; model b: ObjectChanged: it changed';
    expect(workflowFailure(parts)).toMatchObject({
      ...{ type: 'AuditIncomplete', message, nonRetryable: true },
      details: [expect.objectContaining({ name: 'AuditIncomplete', message })],
    });
  });

  it('is the cancellation where one was among the parts, and the mistake where one was', () => {
    const cancelled = new CancelledFailure('cancelled');
    const mistake = new RangeError('no such window');
    const partsOf = (cause: unknown): PartFailures =>
      new PartFailures([
        { part: 'a', cause: remote },
        { part: 'b', cause },
      ]);
    expect(workflowFailure(partsOf(cancelled))).toBe(cancelled);
    expect(workflowFailure(partsOf(mistake))).toBe(mistake);
  });
});
