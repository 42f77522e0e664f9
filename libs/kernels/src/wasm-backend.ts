import { availableParallelism } from 'node:os';

import { type TensorBackend, UsageError } from '@jokbo/contracts';

import { crossOperation } from './cross.js';
import { histogram16Operation } from './histogram16.js';
import { KernelFailed } from './kernel-failed.js';
import { pairSumsOperation } from './pair-sums.js';
import { layOutSlots } from './slot.js';
import { type BlockOperation, ThreadPool } from './thread-pool.js';
import { type RelaxedSimd, compileKernels, createMemory, instantiateOn } from './wasm-module.js';

export interface WasmBackendOptions {
  /**
   * Worker threads, 1 to 64; 0 = everything on the calling thread, where that is a worker itself.
   * @default the processors this process may use, at most 64
   */
  readonly threads?: number;
  /** @default 'auto' */
  readonly relaxed?: RelaxedSimd;
}

/** Two slots of 15 MB for each thread must fit into 4 GiB. */
const MAXIMUM_THREADS = 64;
/** Two slots a thread: one is filled while the other is worked on. */
const SLOTS_PER_THREAD = 2;
/** Inputs below take less than about 0.1 ms, no longer than a message to a thread and back. */
const IN_THREAD_BYTES = 256 * 1024;
/** Products below take about 0.2 ms. */
const IN_THREAD_PRODUCTS = 2 ** 21;

/**
 * The numeric inner loops in WebAssembly SIMD, on worker threads over one shared memory. Results do not depend on the
 * number of threads, on the machine, or on relaxed SIMD. Operations may run concurrently. The threads do not keep an
 * idle process alive; `close` ends them, and what is still running fails.
 * @throws UsageError for a bad option; KernelFailed if memory or threads cannot be had. An operation throws
 * KernelFailed if a thread dies, and so does every later one.
 */
export async function createWasmBackend(options: WasmBackendOptions = {}): Promise<TensorBackend> {
  const threads = options.threads ?? Math.min(availableParallelism(), MAXIMUM_THREADS);
  if (!Number.isInteger(threads) || threads < 0 || threads > MAXIMUM_THREADS) {
    throw new UsageError(`threads must be 0 to ${MAXIMUM_THREADS}`, { value: threads });
  }
  const { module } = compileKernels(options.relaxed ?? 'auto');
  const { slots, bytes } = layOutSlots(threads * SLOTS_PER_THREAD + 1);
  const wasmMemory = createMemory(bytes);
  const memory = new Uint8Array(wasmMemory.buffer);
  const wasm = instantiateOn(module, wasmMemory);
  const [ownSlot, ...threadSlots] = slots;
  const pool =
    threads === 0
      ? null
      : await ThreadPool.start({ threads, module, memory: wasmMemory, slots: threadSlots });
  let closed = false;

  async function run(operation: BlockOperation, small: boolean): Promise<void> {
    if (closed) throw new KernelFailed('the kernel threads were closed');
    if (pool !== null && !small) return pool.run(operation);
    if (ownSlot === undefined) throw new KernelFailed('no memory for the calling thread');
    for (let index = 0; index < operation.blocks; index++) {
      for (const [name, ...args] of operation.stage(index, ownSlot, index > 0)) wasm[name](...args);
      operation.reduce(index, ownSlot);
    }
  }

  return {
    name: 'wasm',
    async pairSums(a, b) {
      const { operation, bytes: size, result } = pairSumsOperation(memory, a, b);
      await run(operation, size < IN_THREAD_BYTES);
      return result();
    },
    async histogram16(a) {
      const { operation, bytes: size, result } = histogram16Operation(memory, a);
      await run(operation, size < IN_THREAD_BYTES);
      return result();
    },
    async cross(a, b, axis, into) {
      const { operation, bytes: size, products, result } = crossOperation(memory, a, b, axis, into);
      await run(operation, size < IN_THREAD_BYTES && products < IN_THREAD_PRODUCTS);
      return result();
    },
    async close() {
      closed = true;
      await pool?.close();
    },
  };
}
