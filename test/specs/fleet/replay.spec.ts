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
  ['stage-window.json', 'audit/recorded/window-6'],
] as const;

type History = Parameters<typeof Worker.runReplayHistory>[1];

async function replay(name: string, workflowId: string): Promise<void> {
  const history = JSON.parse(await readFile(new URL(name, FIXTURES), 'utf8')) as History;
  await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
}

beforeAll(() => Runtime.install({ logger: new DefaultLogger('ERROR') }));

describe('a recorded history', () => {
  it.each(RECORDED)('%s is replayed by the workflow as it is', async (name, workflowId) => {
    await replay(name, workflowId);
  });

  it('is refused where it tells of other things than the workflow does', async () => {
    await expect(replay('stage-window.incompatible.json', RECORDED[2][1])).rejects.toThrow(
      DeterminismViolationError,
    );
  });
});
