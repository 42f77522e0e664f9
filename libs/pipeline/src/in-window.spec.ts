import { describe, expect, it } from 'vitest';
import { inWindow } from './in-window.js';

describe('inWindow', () => {
  it('keeps item order whatever the order of completion, and never exceeds the window', async () => {
    let running = 0;
    let most = 0;
    const results = await inWindow([30, 1, 20, 2, 10], 2, async (delay) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, delay));
      running -= 1;
      return delay * 2;
    });
    expect(results).toEqual([60, 2, 40, 4, 20]);
    expect(most).toBe(2);
  });

  it('starts nothing after a failure, and throws it when those in flight have ended', async () => {
    const started: number[] = [];
    let ended = false;
    const run = inWindow([0, 1, 2, 3], 2, async (item) => {
      started.push(item);
      if (item === 0) throw new Error('first');
      await new Promise((resolve) => setTimeout(resolve, 10));
      ended = true;
    });
    await expect(run).rejects.toThrow('first');
    expect(started).toEqual([0, 1]);
    expect(ended).toBe(true);
  });

  it('does nothing for no items', async () => {
    await expect(inWindow([], 4, () => Promise.reject(new Error('never')))).resolves.toEqual([]);
  });
});
