import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ZOO } from '../zoo-models.js';
import { commandCases } from './cases/command-cases.js';
import { fingerprintCases } from './cases/fingerprint-cases.js';
import { programmeCases } from './cases/programme-cases.js';
import { sourceCases } from './cases/source-cases.js';
import { SINGLE } from './model-folder.js';
import { testCases } from './run-case.js';
import { runHere } from './run-jokbo.js';

const dir = mkdtempSync(join(tmpdir(), 'jokbo-bad-input-'));
const fingerprint = join(dir, 'fingerprint');

beforeAll(async () => {
  const argv = ['fingerprint', `${ZOO}${SINGLE}`, '-o', fingerprint, '--work', join(dir, 'work'), '--quiet'];
  expect((await runHere(argv)).exit).toBe(0);
});
afterAll(() => rmSync(dir, { recursive: true }));

describe('a bad programme is refused', () => testCases(programmeCases()));
describe('a source that is no model is refused', () => testCases(sourceCases()));
describe('a fingerprint that is not what was handed over is refused', () =>
  testCases(fingerprintCases(() => fingerprint)));
describe('a bad command line is refused', () => testCases(commandCases()));
