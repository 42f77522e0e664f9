import type { Fault, S3Request } from '@jokbo/storage/testing';
import { uniform } from '../power/model/seeded-random.js';
import type { AuditRun, FaultFleet } from './fault-fleet.js';
import type { Scenario } from './scenario.js';

/** Faults of one scenario at most. */
const MOST_FAULTS = 40;

/** Share of the requests that is hit. */
const HIT = 0.15;

/** A fault that a service makes now and then, and that another attempt cures. */
function passing(name: string, fault: Fault, method: S3Request['method'] | null = null): Scenario {
  return {
    name: `S3: ${name}`,
    fails: null,
    async run({ fleet, random, ended }) {
      let hits = 0;
      fleet.inject({
        times: MOST_FAULTS,
        fault,
        match: (request) => {
          const hit = (method === null || request.method === method) && uniform(random) < HIT;
          if (hit && hits < MOST_FAULTS) hits += 1;
          return hit;
        },
      });
      const end = await ended(await fleet.audit());
      fleet.endFaults();
      return { faults: hits, errors: [], end };
    },
  };
}

/** A fault that ends the audit: once it is mended, the next audit goes on from what was kept. */
function lasting(
  name: string,
  fails: RegExp,
  spoil: (fleet: FaultFleet) => Promise<void>,
  mend: (fleet: FaultFleet) => Promise<void>,
): Scenario {
  return {
    name,
    fails,
    async run({ fleet, ended }) {
      await spoil(fleet);
      const first = await ended(await fleet.audit());
      await mend(fleet);
      const second: AuditRun = await fleet.again();
      const error = first.kind === 'result' ? 'none' : first.error;
      return { faults: 1, errors: [error], end: await ended(second) };
    },
  };
}

/** Requests for one shard of one model. */
const readsShard =
  ({ shard }: FaultFleet) =>
  ({ method, bucket, key }: S3Request): boolean =>
    method === 'GET' && `${bucket}/${key}` === shard.path;

const ENDED = (fleet: FaultFleet): Promise<void> => {
  fleet.endFaults();
  return Promise.resolve();
};

export const STORAGE_SCENARIOS: readonly Scenario[] = [
  passing('500 InternalError', { kind: 'status', status: 500 }),
  passing('503 SlowDown', { kind: 'status', status: 503, code: 'SlowDown' }),
  passing('no answer', { kind: 'silence' }),
  passing('body that stops coming', { kind: 'stall', afterBytes: 100 }, 'GET'),
  passing('connection reset within the body', { kind: 'reset', afterBytes: 100 }, 'GET'),
  passing('truncated body', { kind: 'truncate', afterBytes: 100 }, 'GET'),
  lasting(
    'S3: answer with another ETag',
    /ObjectChanged/,
    (fleet) => {
      fleet.inject({
        times: MOST_FAULTS,
        match: readsShard(fleet),
        fault: { kind: 'wrong-etag', etag: '"stale"' },
      });
      return Promise.resolve();
    },
    ENDED,
  ),
  lasting(
    'S3: object replaced while it is read',
    /ObjectChanged|Malformed/,
    (fleet) => {
      const reads = readsShard(fleet);
      const match = (request: S3Request): boolean => reads(request) && request.headers.has('if-match');
      const bytes = Uint8Array.from(fleet.shard.bytes);
      bytes.fill(1, bytes.length - 8);
      fleet.inject({ match, fault: { kind: 'replace', bytes } });
      return Promise.resolve();
    },
    (fleet) => fleet.s3.put(fleet.shard.path, fleet.shard.bytes),
  ),
  lasting(
    'S3: expired credentials',
    /AccessDenied/,
    (fleet) => {
      const fault: Fault = { kind: 'status', status: 403, code: 'ExpiredToken' };
      fleet.inject({ times: MOST_FAULTS, match: readsShard(fleet), fault });
      return Promise.resolve();
    },
    ENDED,
  ),
  lasting(
    'poison shard',
    /Malformed/,
    (fleet) => fleet.s3.put(fleet.shard.path, fleet.shard.bytes.subarray(0, 1_000)),
    (fleet) => fleet.s3.put(fleet.shard.path, fleet.shard.bytes),
  ),
];
