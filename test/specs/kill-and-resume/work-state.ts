import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSource } from '@jokbo/activities';
import { DEFAULT_FEATURES, planReads, planSample, taskKey } from '@jokbo/fingerprint';
import { expect } from 'vitest';
import { filesBelow } from '../bad-input/run-case.js';
import type { JournalEntry } from './killed-run.js';

/** First line of a stored value: `sha256:` and the digest of all that follows. */
const FIRST_LINE_BYTES = 72;

/** A write that was cut off: it never had the name that it was for. */
const UNFINISHED = /\/\.[0-9a-f]{24}\.unfinished$/;

/** One shard of a model, read in one piece since it is small. */
export interface Shard {
  readonly path: string;
  /** Bytes of its tensors: what is read of it besides its header. */
  readonly bytes: number;
  /** Where below the work folder its result is kept. */
  readonly part: string;
}

/** Every shard of a model. */
export async function shardsOf(model: string): Promise<Shard[]> {
  const source = await openSource(model);
  try {
    if (source.kind !== 'checkpoint') throw new Error(`${model} is no checkpoint`);
    const { checkpoint } = source;
    return planReads(checkpoint, planSample(checkpoint, DEFAULT_FEATURES)).map((task) => ({
      path: join(model, task.file),
      bytes: task.tensors.reduce((sum, { stored }) => sum + stored.end - stored.begin, 0),
      part: contentPath(taskKey(task)),
    }));
  } finally {
    await source.store.close();
  }
}

function contentPath(key: string): string {
  return `content/${key.slice(0, 2)}/${key}`;
}

/** Folder in which an audit that runs says how far it is: of the run, not of its results. */
export const RUNNING = 'running';

/** Files by their path below a folder, without those of writes that were cut off and of runs. */
export function finishedFiles(folder: string): ReadonlyMap<string, Buffer> {
  return new Map(
    filesBelow(folder)
      .filter((path) => !UNFINISHED.test(`/${path}`) && !path.startsWith(`${RUNNING}/`))
      .map((path) => [path, readFileSync(join(folder, path))]),
  );
}

/** Every stored value below a work folder is whole. */
export function expectWholeContent(work: string): void {
  for (const [path, bytes] of finishedFiles(join(work, 'content'))) {
    expect(path).toMatch(/^[0-9a-f]{2}\/[0-9a-f]{64}$/);
    const digest = createHash('sha256').update(bytes.subarray(FIRST_LINE_BYTES)).digest('hex');
    expect(bytes.toString('latin1', 0, FIRST_LINE_BYTES), path).toBe(`sha256:${digest}\n`);
  }
}

/** The shards whose results are kept, and the others. */
export function splitShards(shards: readonly Shard[], work: string): { done: Shard[]; open: Shard[] } {
  const isDone = ({ part }: Shard): boolean => existsSync(join(work, part));
  return { done: shards.filter(isDone), open: shards.filter((shard) => !isDone(shard)) };
}

/** Paths of stored evidence: what a comparison measured. */
export function evidenceFiles(work: string): string[] {
  return [...finishedFiles(join(work, 'content'))].flatMap(([path, bytes]) => {
    const text = bytes.toString('utf8', FIRST_LINE_BYTES);
    const isEvidence = text.startsWith('{"') && 'records' in (JSON.parse(text) as object);
    return isEvidence ? [join(work, 'content', path)] : [];
  });
}

/**
 * Bytes of a shard that a run read, its header aside: a look at the headers reads from the start of the file, in one
 * piece, and so does the first step of reading the tensors.
 */
export function tensorBytesRead(journal: readonly JournalEntry[], { path }: Shard): number {
  return journal
    .filter(({ event, about, start }) => event === 'read' && about === path && start !== 0)
    .reduce((sum, { length = 0 }) => sum + length, 0);
}

export function bytesOf(shards: readonly Shard[]): number {
  return shards.reduce((sum, { bytes }) => sum + bytes, 0);
}
