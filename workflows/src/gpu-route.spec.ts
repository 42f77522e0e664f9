import type { PlannedComparison } from '@jokbo/contracts';
import { ActivityFailure, TimeoutFailure, TimeoutType } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { openGpuRoute, type ComputingRole, type GpuUse } from './gpu-route.js';

const WHOLE: PlannedComparison = { kind: 'audit', subject: 's', reference: 'r', mode: 'full' };
const sampled: PlannedComparison = { ...WHOLE, mode: 'sampled' };
const expertsOf = (groups: number): PlannedComparison[] =>
  Array.from({ length: groups }, (_, group) => ({ ...WHOLE, component: 'experts', group }));
const EXPERTS: PlannedComparison = { ...WHOLE, component: 'experts' };

/** What an activity fails with that no worker began in time. */
function late(): ActivityFailure {
  const cause = new TimeoutFailure('late', undefined, TimeoutType.SCHEDULE_TO_START);
  return new ActivityFailure('late', 'compare', '1', 'NON_RETRYABLE_FAILURE', undefined, cause);
}

/** Work on a queue that ends when it is told. */
function openWork() {
  const begun: ComputingRole[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const make = (role: ComputingRole): Promise<ComputingRole> => {
    begun.push(role);
    if (role === 'cpu') return Promise.resolve(role);
    return new Promise((resolve, reject) =>
      ends.push((error) => (error === undefined ? resolve(role) : reject(error))),
    );
  };
  return { begun, ends, make };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const routeOf = (room: number, use: GpuUse = { wait: 1 }) =>
  openGpuRoute(use, [WHOLE], () => Promise.resolve(room));

describe('the groups of a component', () => {
  it('go to GPUs together, as many at a time as these can begin', async () => {
    const { begun, ends, make } = openWork();
    const route = await routeOf(2);
    const groups = expertsOf(5);
    route.expect([...groups, EXPERTS]);
    const all = groups.map((group) => route.run(group, make));
    for (let at = 0; at < groups.length; at += 1) {
      await settle();
      expect(begun).toHaveLength(Math.min(groups.length, at + 2));
      ends[at]?.();
    }
    expect(await Promise.all(all)).toEqual(groups.map(() => 'gpu'));
    const component = route.run({ ...EXPERTS, numericClass: 'tf-f32' }, make);
    await settle();
    ends.at(-1)?.();
    expect(await component).toBe('gpu');
  });

  it('are measured by CPUs where they are many more than GPUs can begin', async () => {
    const { make } = openWork();
    const route = await routeOf(2);
    const groups = expertsOf(9);
    route.expect(groups);
    expect(await Promise.all(groups.map((group) => route.run(group, make)))).toEqual(groups.map(() => 'cpu'));
  });

  it('are left to CPUs as a whole where a GPU was late', async () => {
    const { begun, ends, make } = openWork();
    const route = await routeOf(1);
    const groups = expertsOf(3);
    route.expect(groups);
    const all = groups.map((group) => route.run(group, make));
    await settle();
    ends[0]?.(late());
    expect(await Promise.all(all)).toEqual(['cpu', 'cpu', 'cpu']);
    expect(begun.filter((role) => role === 'gpu')).toHaveLength(1);
    // What its groups left on a GPU, nobody ends there.
    await expect(route.run({ ...EXPERTS, numericClass: 'tf-f32' }, make)).rejects.toMatchObject({
      name: 'ClassUnavailable',
    });
    expect(await route.run({ ...EXPERTS, numericClass: 'f64' }, make)).toBe('cpu');
    expect(await route.run(sampled, make)).toBe('cpu');
  });
});

it('GPUs alone have all but self-tests where nobody else may measure, whoever polls', async () => {
  const { begun, ends, make } = openWork();
  const route = await openGpuRoute({ wait: 1, only: true }, [sampled], () =>
    Promise.reject(new RangeError()),
  );
  const failed = route.run({ ...sampled, numericClass: 'tf-f32' }, make);
  ends[0]?.(late());
  await expect(failed).rejects.toThrow('late');
  expect(await route.run({ ...sampled, kind: 'self' }, make)).toBe('cpu');
  expect(begun).toEqual(['gpu', 'cpu']);
});
