import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { heartbeat } from '@temporalio/activity';
import { canonicalJson, type FleetActivities, type PlannedComparison } from '@jokbo/contracts';

/** An audit whose comparisons compute nothing. */
export interface MadeUpAudit {
  readonly comparisons: number;
  /** Milliseconds that each takes. */
  readonly workMs: number;
  /** Folder that all workers share. */
  readonly folder: string;
}

/** Comparisons per page of the plan: 50 KB. */
const PER_PAGE = 400;

/** Milliseconds between two heartbeats, as of a real worker. */
const HEARTBEAT_MS = 2_000;

const NONE = '0'.repeat(64);

/** The stages of an audit on a fleet, with made-up answers of the size of real ones. */
export function madeUpActivities({ comparisons, workMs, folder }: MadeUpAudit): FleetActivities {
  const names = Array.from({ length: Math.ceil(comparisons / PER_PAGE) }, (_, page) => `plan-${page}`);
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
        models: [
          { id: 'subject', uri: 'file:///subject' },
          { id: 'reference', uri: 'file:///reference' },
        ],
        pages: names,
      }),
    readPage: async (page) =>
      names.includes(page)
        ? plannedOf(Number(page.slice('plan-'.length)), comparisons)
        : (JSON.parse(await readFile(join(folder, page), 'utf8')) as unknown[]),
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
      for (let left = workMs; left > 0; left -= HEARTBEAT_MS) {
        heartbeat();
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

/** One page of the plan; the names of the models of a pair are made up too, so that pairs are told apart. */
function plannedOf(page: number, comparisons: number): PlannedComparison[] {
  const from = page * PER_PAGE;
  return Array.from({ length: Math.min(PER_PAGE, comparisons - from) }, (_, index) => ({
    kind: 'audit',
    subject: `release-${page}`,
    reference: `reference-${index}`,
    mode: 'sampled',
  }));
}
