import type { TensorBackend } from '@jokbo/contracts';

import { createWasmBackend } from '../wasm-backend.js';

/** Both builds, each with 1 and with 3 threads: all of them must give the same bits. */
export function allBackends(): Promise<TensorBackend[]> {
  return Promise.all(
    [false, true].flatMap((relaxed) => [0, 1, 3].map((threads) => createWasmBackend({ relaxed, threads }))),
  );
}

/** The values as bytes, so that −0 differs from 0 and one NaN from another. */
export function bitsOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
