import type { TensorBackend } from '@jokbo/contracts';
import { loadTensorflow } from './tensorflow/load-tensorflow.js';
import { createTensorflowBackend } from './tensorflow/tensorflow-backend.js';
import { createWasmBackend, type WasmBackendOptions } from './wasm-backend.js';

/** Which backend is wanted; `auto` is TensorFlow where it has a GPU, else WASM. */
export type BackendChoice = 'auto' | 'wasm' | 'tensorflow';

export const BACKEND_CHOICES = ['auto', 'wasm', 'tensorflow'] as const satisfies readonly BackendChoice[];

/**
 * The backend that is wanted, or WASM where TensorFlow is wanted and cannot be had.
 *
 * @param note told so in one line.
 */
export async function createBackend(
  choice: BackendChoice,
  options: WasmBackendOptions,
  note: (line: string) => void,
): Promise<TensorBackend> {
  if (choice === 'wasm') return createWasmBackend(options);
  const loaded = loadTensorflow();
  if (typeof loaded === 'string') {
    if (choice === 'tensorflow') note(`no TensorFlow, WASM computes instead: ${loaded}`);
    return createWasmBackend(options);
  }
  return choice === 'tensorflow' || loaded.gpu
    ? createTensorflowBackend(options)
    : createWasmBackend(options);
}
