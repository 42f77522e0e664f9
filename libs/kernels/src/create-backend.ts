import type { BackendChoice, TensorBackend } from '@jokbo/contracts';
import { loadTensorflow } from './tensorflow/load-tensorflow.js';
import { createTensorflowBackend } from './tensorflow/tensorflow-backend.js';
import { createWasmBackend, type WasmBackendOptions } from './wasm-backend.js';

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
