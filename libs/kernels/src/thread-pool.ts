import { Worker } from 'node:worker_threads';

import { KernelFailed } from './kernel-failed.js';
import type { Slot } from './slot.js';
import type { KernelCall } from './wasm-module.js';

/** A computation cut into blocks. `stage` and `reduce` run on the calling thread; `reduce` in index order. */
export interface BlockOperation {
  readonly blocks: number;
  /**
   * Copies block `index` into the slot and says what to call on it.
   *
   * @param follows whether the slot still holds the block before, of this operation.
   */
  stage(index: number, slot: Slot, follows: boolean): readonly KernelCall[];
  /** Takes the result of block `index` out of the slot. */
  reduce(index: number, slot: Slot): void;
}

export interface ThreadPoolOptions {
  readonly threads: number;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly slots: readonly Slot[];
  /** The worker's script. @default workers/kernel-worker.mjs, which lies beside both src and dist. */
  readonly script?: URL;
}

interface RunningOperation {
  readonly operation: BlockOperation;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
  staged: number;
  reduced: number;
  /** Computed blocks that wait for an earlier one. */
  readonly computed: Map<number, Slot>;
}

interface Thread {
  readonly worker: Worker;
  blocks: number;
}

const KERNEL_WORKER = new URL('../workers/kernel-worker.mjs', import.meta.url);

/** Threads keep nothing but the module: one that grows beyond this is broken. */
const THREAD_HEAP_MB = 64;

/** Worker threads over one shared memory. An idle pool does not keep the process alive. */
export class ThreadPool {
  readonly #threads: readonly Thread[];
  readonly #free: Slot[];
  readonly #running: RunningOperation[] = [];
  readonly #inSlot = new Map<
    number,
    { thread: Thread; running: RunningOperation; index: number; slot: Slot }
  >();
  #failure: KernelFailed | undefined;
  #starting: number;
  #onStart: { resolve: () => void; reject: (reason: unknown) => void } | undefined;

  private constructor(workers: readonly Worker[], slots: readonly Slot[]) {
    this.#threads = workers.map((worker) => ({ worker, blocks: 0 }));
    this.#free = [...slots];
    this.#starting = workers.length;
    for (const { worker } of this.#threads) {
      worker.on('message', (message: unknown) => this.#receive(message));
      worker.on('error', (cause) => this.#fail(new KernelFailed('a kernel thread crashed', { cause })));
      worker.on('messageerror', (cause) =>
        this.#fail(new KernelFailed('a kernel thread answered wrongly', { cause })),
      );
      worker.on('exit', (code) => this.#fail(new KernelFailed('a kernel thread ended', { value: code })));
    }
  }

  /** Starts the threads. @throws KernelFailed if one does not start. */
  static async start(options: ThreadPoolOptions): Promise<ThreadPool> {
    const workers = Array.from(
      { length: options.threads },
      () =>
        new Worker(options.script ?? KERNEL_WORKER, {
          workerData: { module: options.module, memory: options.memory },
          resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB },
          execArgv: [],
        }),
    );
    const pool = new ThreadPool(workers, options.slots);
    try {
      await new Promise<void>((resolve, reject) => {
        pool.#onStart = { resolve, reject };
      });
    } catch (cause) {
      await pool.close();
      throw cause;
    }
    for (const worker of workers) worker.unref();
    return pool;
  }

  /** Runs all blocks of an operation. @throws KernelFailed if a thread dies or the pool is closed. */
  run(operation: BlockOperation): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
      } else if (operation.blocks === 0) {
        resolve();
      } else {
        this.#running.push({ operation, resolve, reject, staged: 0, reduced: 0, computed: new Map() });
        for (const { worker } of this.#threads) worker.ref();
        this.#stage();
      }
    });
  }

  /** Ends the threads; what is running fails. */
  async close(): Promise<void> {
    this.#fail(new KernelFailed('the kernel threads were closed'));
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  /** Fills free slots with the next blocks, oldest operation first. */
  #stage(): void {
    for (;;) {
      const running = this.#running.find(({ operation, staged }) => staged < operation.blocks);
      const slot = running === undefined ? undefined : this.#free.pop();
      if (running === undefined || slot === undefined) return;
      const thread = this.#threads.reduce((least, other) => (other.blocks < least.blocks ? other : least));
      const index = running.staged++;
      this.#inSlot.set(slot.id, { thread, running, index, slot });
      this.#guard(running, () => {
        thread.worker.postMessage({ slot: slot.id, calls: running.operation.stage(index, slot, false) });
        thread.blocks++;
      });
    }
  }

  /** A thread says `ready` once, and then the number of each slot that it has computed. */
  #receive(message: unknown): void {
    if (typeof message === 'number') this.#finish(message);
    else if (--this.#starting === 0) this.#onStart?.resolve();
  }

  #finish(id: number): void {
    const done = this.#inSlot.get(id);
    if (done === undefined) return;
    this.#inSlot.delete(id);
    done.thread.blocks--;
    const { running } = done;
    running.computed.set(done.index, done.slot);
    this.#guard(running, () => {
      for (let slot = running.computed.get(running.reduced); slot !== undefined;) {
        running.operation.reduce(running.reduced, slot);
        running.computed.delete(running.reduced++);
        this.#free.push(slot);
        slot = running.computed.get(running.reduced);
      }
    });
    if (running.reduced === running.operation.blocks) {
      this.#running.splice(this.#running.indexOf(running), 1);
      running.resolve();
      if (this.#running.length === 0) for (const { worker } of this.#threads) worker.unref();
    }
    this.#stage();
  }

  /** A defect in staging or reducing leaves slots in an unknown state, so it ends the pool like a crash. */
  #guard(running: RunningOperation, step: () => void): void {
    try {
      step();
    } catch (cause) {
      running.reject(cause);
      this.#fail(new KernelFailed('a block could not be staged or reduced', { cause }));
    }
  }

  #fail(failure: KernelFailed): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#onStart?.reject(failure);
    for (const { reject } of this.#running.splice(0)) reject(failure);
    this.#inSlot.clear();
    for (const { worker } of this.#threads) worker.unref();
  }
}
