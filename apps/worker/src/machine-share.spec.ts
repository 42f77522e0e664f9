import { describe, expect, it } from 'vitest';
import { machineShare } from './machine-share.js';

const MACHINE = { cores: 8, memory: 100e9 };

describe('machineShare', () => {
  it('is most of the machine for one process', () => {
    expect(machineShare({ share: 1 }, MACHINE)).toEqual({
      ...{ threads: 8, memory: 80e9 },
      activities: { cpu: 16, gpu: 2 },
    });
  });

  it.each([2, 3, 8])('of %d processes is no more than the machine in all', (share) => {
    const one = machineShare({ share }, MACHINE);
    expect(one.threads * share).toBeLessThanOrEqual(MACHINE.cores);
    expect(one.memory * share).toBeLessThanOrEqual(MACHINE.memory);
    expect(one.activities.cpu).toBe(2 * one.threads);
  });

  it('is at least one thread', () => {
    expect(machineShare({ share: 20 }, MACHINE)).toMatchObject({
      ...{ threads: 1, memory: 4e9 },
      activities: { cpu: 2 },
    });
  });

  it('leaves alone what a process is told to take', () => {
    expect(machineShare({ share: 4, threads: 6, activities: 3, memory: 50 }, MACHINE)).toEqual({
      ...{ threads: 6, memory: 50e9 },
      activities: { cpu: 3, gpu: 3 },
    });
  });
});
