import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, it } from 'vitest';

const FIXTURES = new URL('../../../workflows/fixtures/', import.meta.url);

/** Workers load it under this very path. */
const workflowBundle = {
  codePath: fileURLToPath(new URL('../../../workflows/bundle/workflow-bundle.js', import.meta.url)),
};

/** Workflows of the histories that each has; the ids of windows follow from that of their audit. */
const RECORDED = [
  ['audit-programme.continued.json', 'audit/recorded'],
  ['audit-programme.json', 'audit/recorded'],
  ['stage-window.json', 'audit/recorded/window-2'],
  ['compare-batch.json', 'audit/recorded/batch-8'],
  ['compare-batch.gpu.json', 'batch/left'],
  ['watch-programme.json', 'watch/6fa8446483795caa/releases-2026-11-27T17:10:24Z'],
  ['audit-watched.json', 'watch/6fa8446483795caa/turn'],
] as const;

type History = Parameters<typeof Worker.runReplayHistory>[1];

/** @param change what the history tells instead, word by word. */
async function replay(
  name: string,
  workflowId: string,
  change: readonly [from: string, to: string] = ['', ''],
): Promise<void> {
  const text = await readFile(new URL(name, FIXTURES), 'utf8');
  const history = JSON.parse(text.replaceAll(...change)) as History;
  await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
}

beforeAll(() => Runtime.install({ logger: new DefaultLogger('ERROR') }));

describe('a recorded history', () => {
  it.each(RECORDED)('%s is replayed by the workflow as it is', async (name, workflowId) => {
    await replay(name, workflowId);
  });

  it.each([
    ['audit-programme.continued.json', '"compareBatch"', '"stageWindow"'],
    ['audit-programme.json', '"stageWindow"', '"compareBatch"'],
    ['stage-window.json', '"readShards"', '"fingerprint"'],
    ['compare-batch.json', '"join"', '"split"'],
    // What was late would be cancelled instead: it does not fall back.
    ['compare-batch.gpu.json', '"timeoutFailureInfo"', '"canceledFailureInfo"'],
    ['watch-programme.json', '"findReleases"', '"admitAudit"'],
    ['audit-watched.json', '"recordAudit"', '"findReleases"'],
  ] as const)(
    '%s is refused where it tells of other things than the workflow does',
    async (name, from, to) => {
      const [, workflowId = ''] = RECORDED.find(([recorded]) => recorded === name) ?? [];
      await expect(replay(name, workflowId, [from, to])).rejects.toThrow(DeterminismViolationError);
    },
  );
});
