import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { heartbeat } from '@temporalio/activity';
import {
  canonicalJson,
  type FleetActivities,
  type PlannedComparison,
  type PlannedModel,
} from '@jokbo/contracts';

/** An audit whose comparisons compute nothing. */
export interface MadeUpAudit {
  readonly comparisons: number;
  /** Milliseconds that each takes. */
  readonly workMs: number;
  /** Folder that all workers share. */
  readonly folder: string;
}

/** Milliseconds between two heartbeats, as of a real worker. */
export const HEARTBEAT_MS = 2_000;

const NONE = '0'.repeat(64);

/** The stages of an audit on a fleet, with made-up answers of the size of real ones. */
export function madeUpActivities({ comparisons, workMs, folder }: MadeUpAudit): FleetActivities {
  const references = Math.ceil(Math.sqrt(comparisons));
  const subjects = Math.ceil(comparisons / references);
  const fingerprintOf = ({ id }: { readonly id: string }) => ({
    model: id,
    fingerprint: NONE,
    parts: 0,
    read: 0,
  });
  return {
    plan: () =>
      Promise.resolve({
        id: NONE,
        models: [...modelsOf('release', subjects), ...modelsOf('reference', references)],
      }),
    due: (_plan, step, _compared, limits) => {
      const due = step === 'sampled' ? comparisons : 0;
      return Promise.resolve({
        key: String(limits.sampled),
        batches: Math.ceil(due / limits.sampled),
        comparisons: due,
        pairs: comparisons,
      });
    },
    readBatch: ({ key, index }) => {
      const size = Number(key);
      return Promise.resolve(plannedOf(index * size, Math.min((index + 1) * size, comparisons), references));
    },
    readPage: async (page) => JSON.parse(await readFile(join(folder, page), 'utf8')) as unknown[],
    async storePage(items) {
      const text = canonicalJson(items);
      const key = createHash('sha256').update(text).digest('hex');
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, key), text);
      return key;
    },
    shards: () => Promise.resolve({ groups: [], parts: 0 }),
    readShards: () => Promise.resolve({ parts: 0, read: 0 }),
    fingerprint: (_, model) => Promise.resolve(fingerprintOf(model)),
    async compare() {
      // Against a clock: the timers between two heartbeats are late by milliseconds, which are no cost of a fleet.
      const end = performance.now() + workMs;
      for (let left = workMs; left > 0; left = end - performance.now()) {
        if (left < workMs) heartbeat();
        await sleep(Math.min(left, HEARTBEAT_MS));
      }
      return { evidence: NONE, needsFull: false, needsDisguise: false };
    },
    split: () => Promise.resolve([]),
    join: (comparison) =>
      Promise.resolve({ comparison, evidence: NONE, needsFull: false, needsDisguise: false }),
    trajectory: (_, subject) => Promise.resolve({ subject, training: NONE }),
    decide: () => Promise.resolve({ result: NONE }),
    publish: () => Promise.resolve(),
  };
}

function modelsOf(role: string, count: number): PlannedModel[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${role}-${index}`,
    uri: `file:///models/${role}-${index}`,
  }));
}

/** The comparisons from one to before another. */
function plannedOf(from: number, to: number, references: number): PlannedComparison[] {
  return Array.from({ length: to - from }, (_, index) => ({
    kind: 'audit',
    subject: `release-${Math.floor((from + index) / references)}`,
    reference: `reference-${(from + index) % references}`,
    mode: 'sampled',
  }));
}
