import type { DeclaredCheckpoint, TrainingRecord } from '@jokbo/models';
import { describe, expect, it } from 'vitest';
import { planCheckpoints } from './plan-checkpoints.js';
import type { ReadRecords } from './read-records.js';

const declared = (step: number, path: string): DeclaredCheckpoint => ({
  step,
  path,
  tokens: 10 * step,
  evalLoss: null,
  files: new Map(),
});

function records(given: Partial<TrainingRecord> | null, folders: readonly number[] = []): ReadRecords {
  const checkpoints = folders.map((step) => ({ step, path: `checkpoints/step-${step}` }));
  const record = given === null ? null : ({ totalSteps: null, checkpoints: [], ...given } as TrainingRecord);
  return {
    files: { trainingJson: record !== null, wandb: [], histories: [], checkpoints },
    paths: checkpoints.map(({ path }) => `${path}/config.json`),
    record,
    digest: '',
  };
}

const plan = (given: ReadRecords, lastLogged: number | null = null) =>
  planCheckpoints(given, 'file:///records', 'file:///release', lastLogged);

describe('planCheckpoints', () => {
  it('joins declared and found checkpoints, and tells what is not there', () => {
    const planned = plan(
      records(
        { checkpoints: [declared(0, 'checkpoints/step-0'), declared(9, 'lost'), declared(20, '.')] },
        [0, 10],
      ),
    );
    expect(planned.map(({ step, path, uri, present, tokens }) => [step, path, uri, present, tokens])).toEqual(
      [
        [0, 'checkpoints/step-0', 'file:///records/checkpoints/step-0', true, 0],
        [9, 'lost', 'file:///records/lost', false, 90],
        [10, 'checkpoints/step-10', 'file:///records/checkpoints/step-10', true, null],
        [20, '.', 'file:///release', true, 200],
      ],
    );
  });

  it('puts a release that is not declared at the end: of the run, of the log, behind the last checkpoint', () => {
    const stepOf = (given: ReadRecords, last: number | null = null) =>
      plan(given, last).find(({ isRelease }) => isRelease)?.step;
    expect(stepOf(records({ totalSteps: 400 }, [0, 10]))).toBe(400);
    expect(stepOf(records(null, [0, 10]), 99)).toBe(100);
    expect(stepOf(records(null, [0, 10]))).toBe(11);
    expect(stepOf(records({ totalSteps: 5 }, [0, 10]))).toBe(11);
    expect(stepOf(records(null))).toBe(0);
  });
});
