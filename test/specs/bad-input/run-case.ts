import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSource } from '@jokbo/activities';
import { MalformedCheckpoint } from '@jokbo/contracts';
import { expect, it } from 'vitest';
import type { BadCase } from './bad-case.js';
import { runHere, runProcess, type Outcome } from './run-jokbo.js';

/** Milliseconds that one bad input may take; the ones that wait for storage to come back need the most. */
const CASE_LIMIT_MS = 60_000;

/** First line of a stored part: `sha256:` and the digest of all that follows. */
const FIRST_LINE_BYTES = 72;

export type Runner = 'here' | 'process';

/** A test of each case. */
export function testCases(cases: readonly BadCase[], runner: Runner = 'here', concurrent = false): void {
  const test = concurrent ? it.concurrent : it;
  for (const bad of cases) test(bad.name, () => runCase(bad, runner), CASE_LIMIT_MS);
}

async function runCase(bad: BadCase, runner: Runner): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'jokbo-bad-input-'));
  try {
    const arranged = await bad.arrange(dir);
    const { argv, env, source, after } = arranged;
    const all = [...argv, ...commonOptions(argv, env ?? {}, join(dir, 'work'))];
    try {
      const outcome = await (runner === 'here' ? runHere(all, env) : runProcess(all, env, arranged));
      expectRefusal(outcome, bad);
      expectNothingWritten(join(dir, 'out'));
      expectWholeParts(join(dir, 'work'));
      if (bad.rule !== undefined) expect(await ruleOf(source ?? '')).toBe(bad.rule);
    } finally {
      await after?.();
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** What every run is given, unless its case is about it. Last: a value that is missing is then missing for all. */
function commonOptions(argv: readonly string[], env: object, work: string): readonly string[] {
  const given = (name: string): boolean => argv.some((argument) => argument.split('=')[0] === name);
  return [
    ...(given('--work') || 'JOKBO_WORK' in env ? [] : ['--work', work]),
    ...(given('--threads') || 'JOKBO_THREADS' in env ? [] : ['--threads', '1']),
    '--quiet',
  ];
}

/** One line that names the class of the error and what it is about; no result, no stack. */
export function expectRefusal(outcome: Outcome, bad: Pick<BadCase, 'exit' | 'error' | 'mentions'>): void {
  const { exit, stdout, stderr } = outcome;
  expect(stderr).toMatch(new RegExp(`^jokbo: ${bad.error}: [^\\n]+\\n$`));
  for (const mention of bad.mentions) expect(stderr).toContain(mention);
  expect(stderr).not.toMatch(/undefined|\[object/);
  expect(exit).toBe(bad.exit);
  expect(stdout).toBe('');
}

/** An output folder may have been made, but nothing lies in it. */
export function expectNothingWritten(folder: string): void {
  expect(filesBelow(folder)).toEqual([]);
}

/** Parts that a run kept are whole; nothing else is in the work folder. */
export function expectWholeParts(work: string): void {
  for (const path of filesBelow(work)) {
    expect(path).toMatch(/^content\/[0-9a-f]{2}\/[0-9a-f]{64}$/);
    const bytes = readFileSync(join(work, path));
    const digest = createHash('sha256').update(bytes.subarray(FIRST_LINE_BYTES)).digest('hex');
    expect(bytes.toString('latin1', 0, FIRST_LINE_BYTES)).toBe(`sha256:${digest}\n`);
  }
}

export function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

async function ruleOf(source: string): Promise<string> {
  try {
    await (await openSource(source)).store.close();
    return 'accepted';
  } catch (error) {
    if (error instanceof MalformedCheckpoint) return error.rule;
    throw error;
  }
}

/** A folder below `dir`. */
export function madeFolder(dir: string, name: string): string {
  const folder = join(dir, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
