import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { SOLAR, VAST } from './large-models.js';
import { writeSparseCheckpoint } from './sparse-checkpoint.js';

/**
 * Plans a programme of a model of 1.5 TB in 60,687 tensors and one of 100B, of which only the headers exist, argv[2]
 * times: `jokbo plan` as a process, with its start. Prints what the plan adds up to and the seconds, processor seconds
 * and peak memory of the fastest. Run as a process.
 */
const [, , runs = '1'] = process.argv;

const JOKBO = fileURLToPath(new URL('../../../apps/cli/bin/jokbo.js', import.meta.url));
const USAGE_AT_EXIT = new URL('usage-at-exit.js', import.meta.url).href;

const PROGRAMME = `version: 1
name: Vast
language: en
subjects:
  - { id: vast, team: A, release: Vast, source: vast }
references:
  - { id: solar, name: Solar, source: solar, family: solar }
`;

interface PlanRun {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakRssBytes: number;
  /** Of all models: tensors, bytes, groups of shards and more. */
  readonly totals: Readonly<Record<string, number>>;
}

async function planOnce(folder: string): Promise<PlanRun> {
  const start = performance.now();
  const args = ['plan', 'programme.yaml', '--work', 'work', '--format', 'json'];
  const child = spawn(process.execPath, ['--import', USAGE_AT_EXIT, JOKBO, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  const [, output, , usage] = child.stdio;
  if (output === null || usage === null || usage === undefined || !('readable' in usage)) {
    throw new Error('the process has no pipes');
  }
  const ended = once(child, 'close');
  const [plan, used] = await Promise.all([json(output), json(usage), ended]);
  if (child.exitCode !== 0) throw new Error(`jokbo plan ended with ${child.exitCode}`);
  return {
    seconds: (performance.now() - start) / 1000,
    ...(used as Pick<PlanRun, 'processorSeconds' | 'peakRssBytes'>),
    totals: (plan as Pick<PlanRun, 'totals'>).totals,
  };
}

const folder = await mkdtemp(join(tmpdir(), 'jokbo-bench-'));
try {
  await writeSparseCheckpoint(join(folder, 'vast'), VAST);
  await writeSparseCheckpoint(join(folder, 'solar'), SOLAR);
  await writeFile(join(folder, 'programme.yaml'), PROGRAMME);
  let best = await planOnce(folder);
  for (let run = 1; run < Number(runs); run += 1) {
    const next = await planOnce(folder);
    if (next.seconds < best.seconds) best = next;
  }
  console.log(JSON.stringify(best));
} finally {
  await rm(folder, { recursive: true, force: true });
}
