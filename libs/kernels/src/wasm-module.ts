import { setFlagsFromString } from 'node:v8';

import { UsageError } from '@jokbo/contracts';

import { KernelFailed } from './kernel-failed.js';
import { LOOKUP_TABLE_BYTES, lookupTables } from './lookup-tables.js';
import { RELAXED_SIMD_WASM, SIMD_WASM } from './wasm-binary.js';

/** Which build to run; both give the same bits, `relaxed` is faster for `cross`. */
export type RelaxedSimd = boolean | 'auto';

/** Exports of assembly/index.ts; pointers are byte offsets. */
export const KERNEL_NAMES = [
  'decodeRuns',
  'histogram16',
  'histogram8',
  'mergeHistogram',
  'drainHistogram',
  'countEqual',
  'pairSums',
  'clearMoments',
  'moments',
  'cross',
] as const;

export type KernelName = (typeof KERNEL_NAMES)[number];

/** One call of a kernel, as it is sent to a thread. */
export type KernelCall = readonly [name: KernelName, ...args: number[]];

export type KernelExports = Readonly<Record<KernelName, (...args: number[]) => void>>;

export interface CompiledKernels {
  readonly module: WebAssembly.Module;
  readonly relaxed: boolean;
}

/** Bytes of one WebAssembly page. */
const PAGE_BYTES = 65_536;
/** 4 GiB: all that a 32-bit pointer reaches. */
const MAXIMUM_PAGES = 65_536;
/** V8 12 (Node 22) runs relaxed SIMD without a flag, and prints an error for the flag. */
const V8_WITH_RELAXED_SIMD = 12;

/** First byte behind the lookup tables. */
export const FIRST_FREE_BYTE = LOOKUP_TABLE_BYTES;

/**
 * Compiles one of the two builds; `'auto'` takes relaxed SIMD where the engine validates it.
 * @throws UsageError if relaxed SIMD is asked for and the engine lacks it.
 */
export function compileKernels(relaxed: RelaxedSimd): CompiledKernels {
  if (relaxed !== false && Number.parseInt(process.versions.v8, 10) < V8_WITH_RELAXED_SIMD) {
    setFlagsFromString('--experimental-wasm-relaxed-simd');
  }
  const relaxedBytes = Buffer.from(RELAXED_SIMD_WASM, 'base64');
  const use = relaxed !== false && WebAssembly.validate(relaxedBytes);
  if (relaxed === true && !use)
    throw new UsageError('this engine has no relaxed SIMD', { value: process.version });
  return {
    module: new WebAssembly.Module(use ? relaxedBytes : Buffer.from(SIMD_WASM, 'base64')),
    relaxed: use,
  };
}

/**
 * Shared memory of at least `bytes` bytes that begins with the lookup tables and never grows, so views stay valid.
 * @throws UsageError beyond 4 GiB; KernelFailed if the process cannot get so much.
 */
export function createMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  if (!(bytes > 0) || pages > MAXIMUM_PAGES)
    throw new UsageError('kernel memory must be 1 byte to 4 GiB', { value: bytes });
  let memory: WebAssembly.Memory;
  try {
    memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (cause) {
    throw new KernelFailed('no memory for the kernels', { value: bytes, cause });
  }
  new Float32Array(memory.buffer).set(lookupTables());
  return memory;
}

/** An instance of the kernels on the calling thread. */
export function instantiateOn(module: WebAssembly.Module, memory: WebAssembly.Memory): KernelExports {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return Object.fromEntries(
    KERNEL_NAMES.map((name) => {
      const kernel = exports[name];
      if (typeof kernel !== 'function') throw new KernelFailed('the module lacks a kernel', { value: name });
      return [name, kernel];
    }),
  ) as Record<KernelName, (...args: number[]) => void>;
}
