import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { kernelSpeeds } from './kernel-speeds.js';
import { sha256OfFiles, sha256OnThreads } from './sha256-threads.js';
import { writeSyntheticCheckpoint, type SyntheticShape } from './synthetic-checkpoint.js';

/** About 2 GB each: ordinary matrices in several shards, and one tensor that holds nearly all of it. */
const SHAPES: readonly { readonly name: string; readonly shape: SyntheticShape }[] = [
  {
    name: '2 GB, 24 layers, 8 shards',
    shape: { hidden: 2048, intermediate: 4608, layers: 20, vocabulary: 32_000, shards: 8 },
  },
  {
    name: '2 GB, one embedding of 1.9 GB',
    shape: { hidden: 2048, intermediate: 2048, layers: 1, vocabulary: 460_000, shards: 1 },
  },
];

const RUNS = 3;
const SHA_MS = 2_000;
const THREADS = Math.min(2, availableParallelism());
const FINGERPRINT = fileURLToPath(new URL('fingerprint-run.js', import.meta.url));
const COMPARISON = fileURLToPath(new URL('comparison-run.js', import.meta.url));
const MADE_UP = fileURLToPath(new URL('made-up-run.js', import.meta.url));
const PLAN = fileURLToPath(new URL('plan-run.js', import.meta.url));

/** In which a programme with a model of 1.5 TB in 60,000 tensors must be planned. */
const PLAN_TARGET_S = 10;

/** As `jokbo` runs: see apps/cli/bin/jokbo.js. */
const NODE_OPTIONS = ['--no-incremental-marking'];

interface ChildRun {
  readonly seconds: number;
  /** The same work by a process that still has to start its threads. */
  readonly startingSeconds?: number;
  readonly peakRssBytes: number;
}

interface PlanRun extends ChildRun {
  readonly processorSeconds: number;
  readonly totals: Readonly<Record<string, number>>;
}

/** A measurement in a process of its own, so that its peak memory is its own too. */
async function childRun<Answer = ChildRun>(entry: string, ...args: readonly string[]): Promise<Answer> {
  const { stdout } = await promisify(execFile)(process.execPath, [...NODE_OPTIONS, entry, ...args]);
  return JSON.parse(stdout) as Answer;
}

function row(name: string, rate: number, against: string, ratio: number): string {
  return `| ${name} | ${rate.toFixed(2)} | ${ratio.toFixed(2)} × ${against} |`;
}

const speeds = kernelSpeeds();
const lines = [
  `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.versions.node}`,
  '',
  '| stage | GB/s | ratio |',
  '|---|---|---|',
  row('memory read, 1 thread', speeds.memoryRead, 'itself', 1),
  row('pairSums f64 BF16, 1 thread', speeds.pairSums, 'memory read', speeds.pairSums / speeds.memoryRead),
  row('histogram, 1 thread', speeds.histogram, 'memory read', speeds.histogram / speeds.memoryRead),
  row('SHA-256, 1 thread', speeds.sha256, 'memory read', speeds.sha256 / speeds.memoryRead),
];
const work = await mkdtemp(join(tmpdir(), 'jokbo-bench-'));
try {
  for (const { name, shape } of SHAPES) {
    const folder = join(work, name.replaceAll(/[^a-z0-9]+/gi, '-'));
    const bytes = await writeSyntheticCheckpoint(folder, shape);
    let best = { rate: 0, starting: 0, memory: 0, files: 0, peak: 0 };
    for (let run = 0; run < RUNS; run += 1) {
      const memory = await sha256OnThreads(THREADS, SHA_MS);
      const files = await sha256OfFiles(folder, THREADS);
      const measured = await childRun(FINGERPRINT, folder, String(THREADS));
      best = {
        rate: Math.max(best.rate, bytes / measured.seconds / 1e9),
        starting: Math.max(best.starting, bytes / (measured.startingSeconds ?? Infinity) / 1e9),
        memory: Math.max(best.memory, memory),
        files: Math.max(best.files, files),
        peak: Math.max(best.peak, measured.peakRssBytes),
      };
    }
    lines.push(
      row(
        `SHA-256 of memory, ${THREADS} threads`,
        best.memory,
        'memory read',
        best.memory / speeds.memoryRead,
      ),
      row(
        `SHA-256 of those files, ${THREADS} threads`,
        best.files,
        'SHA-256 of memory',
        best.files / best.memory,
      ),
      row(
        `fingerprint, ${name}, ${THREADS} threads`,
        best.rate,
        'SHA-256 of memory',
        best.rate / best.memory,
      ),
      row('the same', best.rate, 'SHA-256 of those files', best.rate / best.files),
      row(
        'the same, threads started by it',
        best.starting,
        'SHA-256 of those files',
        best.starting / best.files,
      ),
      `| peak memory of that process | ${(best.peak / 1e6).toFixed(0)} MB | |`,
    );
    await rm(folder, { recursive: true });
  }
} finally {
  await rm(work, { recursive: true, force: true });
}
const large = await mkdtemp(join(tmpdir(), 'jokbo-bench-'));
try {
  const [subject, reference] = await childRun<[string, string]>(MADE_UP, large);
  lines.push('', '| two fingerprints of 100B models | seconds | peak memory |', '|---|---|---|');
  for (const [name, ...args] of [
    ['tiers 0 to 2 and all maps', String(THREADS)],
    ['all tiers', String(THREADS), 'disguises'],
  ] as const) {
    // Evidence that is stored is not measured again.
    const work = join(large, args.join('-'));
    await cp(join(large, 'content'), join(work, 'content'), { recursive: true });
    const { seconds, peakRssBytes } = await childRun(COMPARISON, work, subject, reference, ...args);
    lines.push(`| ${name} | ${seconds.toFixed(1)} | ${(peakRssBytes / 1e6).toFixed(0)} MB |`);
  }
} finally {
  await rm(large, { recursive: true, force: true });
}
const planned = await childRun<PlanRun>(PLAN, String(RUNS));
const { tensors = 0, bytes = 0, shard_groups: groups = 0 } = planned.totals;
lines.push(
  '',
  `| \`jokbo plan\` as a process | seconds | target | processor seconds | peak memory |`,
  '|---|---|---|---|---|',
  `| ${tensors.toLocaleString('en')} tensors, ${(bytes / 1e12).toFixed(2)} TB, ${groups} groups of shards | ` +
    `${planned.seconds.toFixed(1)} | ${PLAN_TARGET_S} | ${planned.processorSeconds.toFixed(1)} | ` +
    `${(planned.peakRssBytes / 1e6).toFixed(0)} MB |`,
);
console.log(lines.join('\n'));
