import type { ActivitySlotInfo, CustomSlotSupplier } from '@temporalio/worker';

/** Milliseconds between two looks at the memory of a process that is over its budget. */
const LOOK_MS = 500;

export interface MemorySlotsOptions {
  /** Most activities in flight. */
  readonly most: number;
  /** Bytes that the process may hold before it takes nothing new. */
  readonly budget: number;
  /** Bytes that the process holds now. @default its resident set */
  readonly held?: () => number;
}

/**
 * Slots of activities by memory: a process that is over its budget takes nothing new until it is below again, so that
 * other workers have what it cannot hold. One activity always has room, else a budget that is too small would take none.
 */
export function memorySlots(options: MemorySlotsOptions): CustomSlotSupplier<ActivitySlotInfo> {
  const { most, budget, held = () => process.memoryUsage.rss() } = options;
  let taken = 0;
  const hasRoom = (): boolean => taken === 0 || (taken < most && held() < budget);
  const take = (): object => {
    taken += 1;
    return {};
  };
  const waiting = new Set<() => void>();
  // A slot that is free is taken at once: comparisons of a small programme take less than a look is away.
  const change = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        clearTimeout(timer);
        waiting.delete(look);
        signal.removeEventListener('abort', look);
        resolve();
      };
      const timer = setTimeout(look, LOOK_MS);
      waiting.add(look);
      signal.addEventListener('abort', look, { once: true });
    });
  return {
    type: 'custom',
    async reserveSlot(_context, signal) {
      signal.throwIfAborted();
      while (!hasRoom()) {
        await change(signal);
        signal.throwIfAborted();
      }
      return take();
    },
    tryReserveSlot: () => (hasRoom() ? take() : null),
    markSlotUsed: () => undefined,
    releaseSlot() {
      taken -= 1;
      for (const look of [...waiting]) look();
    },
  };
}
