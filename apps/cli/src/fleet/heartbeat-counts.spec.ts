import { defaultPayloadConverter } from '@temporalio/client';
import { expect, it } from 'vitest';
import { heartbeatCounts } from './heartbeat-counts.js';

type Description = Parameters<typeof heartbeatCounts>[0];

function described(...heartbeats: readonly unknown[]): Description {
  const pendingActivities = heartbeats.map((details) => ({
    heartbeatDetails: { payloads: [defaultPayloadConverter.toPayload(details)] },
  }));
  return { raw: { pendingActivities } };
}

it('counts what running activities have read, and nothing of what is no count', () => {
  const reading = { stage: 'fingerprint', expected: 8, done: 3, read: 300 };
  const comparing = { stage: 'compare', expected: 1, done: 0, read: 0 };
  expect(heartbeatCounts(described([reading, comparing], [], null, [{ stage: 'fingerprint' }]))).toEqual([
    reading,
  ]);
  expect(heartbeatCounts({ raw: { pendingActivities: [{}] } })).toEqual([]);
});
