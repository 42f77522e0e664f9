import { setImmediate as turn } from 'node:timers/promises';
import type { SlotReserveContext } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { memorySlots } from './memory-slots.js';

const context = {} as SlotReserveContext;
const release = {} as Parameters<ReturnType<typeof memorySlots>['releaseSlot']>[0];

describe('memorySlots', () => {
  it('gives none beyond the budget, but one to a process that has none', () => {
    let held = 0;
    const slots = memorySlots({ most: 8, budget: 100, held: () => held });
    expect(slots.tryReserveSlot(context)).not.toBeNull();
    expect(slots.tryReserveSlot(context)).not.toBeNull();
    held = 100;
    expect(slots.tryReserveSlot(context)).toBeNull();
    slots.releaseSlot(release);
    slots.releaseSlot(release);
    expect(slots.tryReserveSlot(context)).not.toBeNull();
    expect(slots.tryReserveSlot(context)).toBeNull();
  });

  it('gives no more than there are, whatever memory is left', () => {
    const slots = memorySlots({ most: 1, budget: 100, held: () => 0 });
    expect(slots.tryReserveSlot(context)).not.toBeNull();
    expect(slots.tryReserveSlot(context)).toBeNull();
  });

  it('waits until the process is below its budget, or the worker stops', async () => {
    let held = 100;
    const slots = memorySlots({ most: 8, budget: 100, held: () => held });
    await slots.reserveSlot(context, new AbortController().signal);
    const stop = new AbortController();
    const waiting = slots.reserveSlot(context, stop.signal);
    stop.abort();
    await expect(waiting).rejects.toThrow(/abort/i);
    const next = slots.reserveSlot(context, new AbortController().signal);
    held = 99;
    await expect(next).resolves.toBeDefined();
  });
  it('gives a slot that is released to one of those who wait, at once', async () => {
    const slots = memorySlots({ most: 1, budget: 100, held: () => 0 });
    const { signal } = new AbortController();
    await slots.reserveSlot(context, signal);
    let given = 0;
    const count = (): void => void (given += 1);
    const waiting = [
      slots.reserveSlot(context, signal).then(count),
      slots.reserveSlot(context, signal).then(count),
    ];
    await turn();
    expect(given).toBe(0);
    slots.releaseSlot(release);
    await turn();
    expect(given).toBe(1);
    slots.releaseSlot(release);
    await Promise.all(waiting);
  });
});
