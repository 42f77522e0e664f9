import type { ResultDocument } from '@jokbo/contracts';
import type { Fault, S3Request } from '@jokbo/storage/testing';
import { uniform } from '../power/model/seeded-random.js';
import type { AuditRun, FaultFleet } from './fault-fleet.js';
import type { AuditEnd, Scenario } from './scenario.js';

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

/** What failed of a result, a model or its comparison, where nothing of it is comparable or clean; else what is wrong. */
async function failureIn(fleet: FaultFleet, end: AuditEnd): Promise<string> {
  if (end.kind !== 'result') return `no result: ${end.error}`;
  const stored = (await fleet.stored(end.reference)) ?? '';
  // The first line of what is stored is the digest of the rest.
  const { failures, pairs, leaderboard } = JSON.parse(
    stored.slice(stored.indexOf('\n') + 1),
  ) as ResultDocument;
  const failed = [
    ...(failures?.models ?? []).map((model) => ({ ...model, reference: model.id })),
    ...(failures?.comparisons ?? []).filter(({ kind }) => kind === 'audit'),
  ][0];
  if (failed === undefined) return 'a result that names no failure';
  const own = pairs.filter(({ reference }) => reference === failed.reference);
  const isOpen = own.length > 0 && own.every(({ verdict }) => verdict.verdict === 'not_comparable');
  const isClean = leaderboard.some(({ outcome }) => outcome === 'no_link_found');
  if (!isOpen || isClean) return `a result that is clean without ${failed.reference}`;
  return `${failed.reference} not comparable, ${failed.code}: ${failed.message}`;
}

/** A fault of one model, which the result tells: once it is mended, the next audit goes on from what was kept. */
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
      const error = await failureIn(fleet, first);
      return { faults: 1, errors: [error], end: await ended(second), audits: 2, results: 2 };
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
    /^llama not comparable, ObjectChanged/,
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
    /^llama not comparable, (ObjectChanged|Malformed)/,
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
    /^llama not comparable, AccessDenied/,
    (fleet) => {
      const fault: Fault = { kind: 'status', status: 403, code: 'ExpiredToken' };
      fleet.inject({ times: MOST_FAULTS, match: readsShard(fleet), fault });
      return Promise.resolve();
    },
    ENDED,
  ),
  lasting(
    'poison shard',
    /^llama not comparable, Malformed/,
    (fleet) => fleet.s3.put(fleet.shard.path, fleet.shard.bytes.subarray(0, 1_000)),
    (fleet) => fleet.s3.put(fleet.shard.path, fleet.shard.bytes),
  ),
];
