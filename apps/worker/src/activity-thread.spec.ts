import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  SILENT,
  UsageError,
  type AuditPlan,
  type DueComparisons,
  type MadeFingerprint,
  type PlannedComparison,
} from '@jokbo/contracts';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openActivityThread, type ActivityThread } from './activity-thread.js';
import { runActivity } from './run-activity.js';
import { observer } from './testing/observer.js';

const MODEL = fileURLToPath(new URL('../../../test/zoo/refs/llama-mini-s2', import.meta.url));

const PROGRAMME = `version: 1
name: One model
subjects:
  - { id: own, team: T, release: R, source: ${JSON.stringify(MODEL)} }
references:
  - { id: base, name: B, source: ${JSON.stringify(MODEL)} }
controls: { negative: [base] }
`;

let folder = '';
let thread: ActivityThread;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo activities '));
  await writeFile(join(folder, 'programme.yaml'), PROGRAMME);
  thread = openActivityThread({ work: join(folder, 'work'), threads: 1 }, () => undefined);
});
afterAll(async () => {
  await thread.close();
  await rm(folder, { recursive: true });
});

/** Runs one activity as a worker does. */
async function run(name: 'plan' | 'due' | 'readBatch' | 'fingerprint', ...args: readonly unknown[]) {
  const environment = new MockActivityEnvironment();
  const observed = observer();
  const result: unknown = await environment.run(() => runActivity(thread, name, args, observed));
  return { result, read: observed.bytes() };
}

describe('activities on a thread of their own', () => {
  it('plan in batches, read once, and tell what they read', async () => {
    const plan = (await run('plan', { programme: join(folder, 'programme.yaml') })).result as AuditPlan;
    const due = (await run('due', plan.id, 'sampled', [], { sampled: 2, full: 1 }, []))
      .result as DueComparisons;
    const read = async (index: number) => (await run('readBatch', { key: due.key, index })).result;
    const batches = (await Promise.all([0, 1].map(read))) as PlannedComparison[][];
    expect(due.batches).toBe(2);
    const comparisons = batches.flat();
    expect(comparisons.map(({ kind }) => kind)).toContain('self');
    const [model] = plan.models;
    const first = await run('fingerprint', plan.id, model);
    expect(first.result).toMatchObject({ model: 'own', parts: 2, read: first.read });
    expect(first.read).toBeGreaterThan(1e5);
    // Whoever takes up the work of a worker that died finds the parts that it had finished.
    const again = await run('fingerprint', plan.id, model);
    expect(again.result).toEqual({ ...(first.result as MadeFingerprint), read: 0 });
  });

  it('hand on an error as a failure that says whether another attempt may help', async () => {
    await expect(run('plan', { programme: join(folder, 'absent.yaml') })).rejects.toMatchObject({
      type: 'UsageError',
      nonRetryable: true,
    });
    const options = { signal: new AbortController().signal, progress: SILENT };
    await expect(thread.call('plan', [{ programme: folder }], options)).rejects.toBeInstanceOf(UsageError);
  });

  it('stop when their activity is cancelled', async () => {
    const environment = new MockActivityEnvironment();
    const observed = observer();
    const ended = environment.run(() =>
      runActivity(thread, 'plan', [{ programme: 's3://nowhere/p.yaml' }], observed),
    );
    environment.cancel('CANCELLED');
    await expect(ended).rejects.toMatchObject({ name: 'CancelledFailure' });
    expect(observed.told).toEqual(['plan attempt 1', 'plan cancelled']);
  });
});
