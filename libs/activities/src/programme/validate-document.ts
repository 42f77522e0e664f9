import type { ValidateFunction } from 'ajv/dist/2020.js';
import { lazyValidator } from './load-schema.js';
import { keyPath, refuseProblems } from './problem.js';
import { schemaProblems } from './schema-problems.js';

const resultValidator = lazyValidator<unknown>('result', ['rules', 'trajectory']);
const comparisonValidator = lazyValidator<unknown>('compare', ['result', 'rules', 'trajectory']);
const trajectoryValidator = lazyValidator<unknown>('trajectory');
const manifestValidator = lazyValidator<unknown>('manifest', ['result', 'rules', 'trajectory']);

/**
 * Checks a result document against its published schema.
 *
 * @throws UsageError that lists what is wrong with it, at most 20 problems.
 */
export function validateResult(document: unknown): void {
  validate(resultValidator(), document, 'result.json');
}

/**
 * Checks the output of `jokbo compare --format json` against its published schema.
 *
 * @throws UsageError that lists what is wrong with it, at most 20 problems.
 */
export function validateComparison(document: unknown): void {
  validate(comparisonValidator(), document, 'comparison.json');
}

/**
 * Checks the output of `jokbo trajectory --format json` against its published schema.
 *
 * @throws UsageError that lists what is wrong with it, at most 20 problems.
 */
export function validateTrajectory(document: unknown): void {
  validate(trajectoryValidator(), document, 'trajectory.json');
}

/**
 * Checks the manifest of a report bundle against its published schema.
 *
 * @throws UsageError that lists what is wrong with it, at most 20 problems.
 */
export function validateManifest(document: unknown): void {
  validate(manifestValidator(), document, 'manifest.json');
}

function validate(validator: ValidateFunction, document: unknown, object: string): void {
  if (validator(document)) return;
  const problems = schemaProblems(validator.errors ?? []).map(({ pointer, text }) => ({
    place: null,
    key: keyPath(pathOf(pointer)),
    text,
  }));
  refuseProblems(problems, object);
}

function pathOf(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) =>
      /^\d{1,9}$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~'),
    );
}
