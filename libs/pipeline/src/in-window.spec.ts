import { AuditIncomplete } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { inWindow } from './in-window.js';

describe('inWindow', () => {
  it('keeps item order whatever the order of completion, and never exceeds the window', async () => {
    let running = 0;
    let most = 0;
    const results = await inWindow(
      [30, 1, 20, 2, 10],
      2,
      async (delay) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, delay));
        running -= 1;
        return delay * 2;
      },
      String,
    );
    expect(results).toEqual([60, 2, 40, 4, 20]);
    expect(most).toBe(2);
  });

  it('runs what is left after a failure, and throws it when all have ended', async () => {
    const started: number[] = [];
    const run = inWindow(
      [0, 1, 2, 3],
      2,
      (item) => {
        started.push(item);
        return item === 0 ? Promise.reject(new Error('first')) : Promise.resolve();
      },
      String,
    );
    await expect(run).rejects.toThrow(/^first$/);
    expect(started).toEqual([0, 1, 2, 3]);
  });

  it('names several failures in the order of the items, whichever came first', async () => {
    const run = inWindow(
      [20, 1, 5],
      3,
      async (delay) => {
        await new Promise((resolve) => setTimeout(resolve, delay));
        if (delay !== 5) throw new RangeError(`after ${delay}`);
      },
      (item) => `item ${item}`,
    );
    await expect(run).rejects.toThrow(AuditIncomplete);
    await expect(run).rejects.toThrow(
      /^2 parts failed: item 20: RangeError: after 20; item 1: RangeError: after 1$/,
    );
  });

  it('throws what all failed of as it is: a run that was stopped names no parts', async () => {
    const stop = new Error('stopped');
    await expect(inWindow([1, 2], 1, () => Promise.reject(stop), String)).rejects.toBe(stop);
  });

  it('does nothing for no items', async () => {
    await expect(inWindow([], 4, () => Promise.reject(new Error('never')), String)).resolves.toEqual([]);
  });
});
