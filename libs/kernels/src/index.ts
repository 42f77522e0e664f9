export { createBackend } from './create-backend.js';
export { KernelFailed } from './kernel-failed.js';
export { instantiateKernels, type CrossOperands, type KernelOptions, type Kernels } from './kernels.js';
export type { Moments } from './states.js';
export { createWasmBackend, type WasmBackendOptions } from './wasm-backend.js';
export { WASM_DIGESTS } from './wasm-binary.js';
export type { RelaxedSimd } from './wasm-module.js';
export { createTensorflowBackend, type TensorflowBackend } from './tensorflow/tensorflow-backend.js';
