import { describe, expect, it } from 'vitest';
import type { BadCase } from './bad-case.js';
import { commandCases } from './cases/command-cases.js';
import { headerCases } from './cases/header-cases.js';
import { processCases } from './cases/process-cases.js';
import { programmeCases } from './cases/programme-cases.js';
import { shardCases } from './cases/shard-cases.js';
import { sourceCases } from './cases/source-cases.js';
import { runProcess } from './run-jokbo.js';
import { testCases } from './run-case.js';

/** The first case of a table whose name begins so. */
function caseOf(cases: readonly BadCase[], name: string): BadCase {
  const found = cases.find((bad) => bad.name.startsWith(name));
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}

describe('the command itself refuses', () =>
  testCases(
    [
      caseOf(headerCases(), 'dup-tensor-same-range'),
      caseOf(shardCases(), 'an LFS pointer as shard'),
      caseOf(programmeCases(), 'brackets without end'),
      caseOf(sourceCases(), 'a folder that is not there'),
      caseOf(commandCases(), 'an unknown verdict'),
      ...processCases(),
    ],
    'process',
    true,
  ));

describe('the command itself', () => {
  it('shows causes and stacks only when asked', async () => {
    const { exit, stderr } = await runProcess(['fingerprint', '/nowhere/model', '--verbose']);
    expect(stderr).toMatch(/^jokbo: UsageError: there is no checkpoint [^\n]+\n\s+at /);
    expect(exit).toBe(2);
  });
});
