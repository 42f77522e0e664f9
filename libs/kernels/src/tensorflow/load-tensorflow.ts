import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import util from 'node:util';
import type { TensorflowBinding } from './binding.js';

/** Packages that bring TensorFlow, the one that uses a GPU first. */
const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** TensorFlow as it was found. */
export interface LoadedTensorflow {
  readonly binding: TensorflowBinding;
  readonly package: (typeof PACKAGES)[number];
  /** Whether it computes on a GPU. */
  readonly gpu: boolean;
}

/** What the packages export, as far as it is used. */
interface TensorflowModule {
  getBackend(): string;
  backend(): { readonly binding: TensorflowBinding; readonly isUsingGpuDevice: boolean };
}

/**
 * Loads TensorFlow where one is installed whole: in the folder that JOKBO_TENSORFLOW names, else beside this package.
 * Nothing of it is loaded before.
 *
 * @returns why there is none, in one line, where there is none.
 */
export function loadTensorflow(): LoadedTensorflow | string {
  prepare();
  const folder = process.env['JOKBO_TENSORFLOW'] ?? '';
  const load = createRequire(folder === '' ? import.meta.url : join(resolve(folder), 'package.json'));
  const reasons: string[] = [];
  for (const name of PACKAGES) {
    try {
      const tensorflow = load(name) as TensorflowModule;
      if (tensorflow.getBackend() !== 'tensorflow') {
        reasons.push(`${name} has no addon`);
        continue;
      }
      const { binding, isUsingGpuDevice: gpu } = tensorflow.backend();
      return { binding, package: name, gpu };
    } catch (error) {
      reasons.push(reasonOf(name, error));
    }
  }
  return reasons.join('; ');
}

/** A failed load throws errors with and without a code. */
function reasonOf(name: string, error: unknown): string {
  if (!(error instanceof Error)) return `${name}: ${String(error)}`;
  const absent = 'code' in error && error.code === 'MODULE_NOT_FOUND' && error.message.includes(`'${name}'`);
  if (absent) return `${name} is not installed`;
  return `${name} does not load: ${(error.message.split('\n')[0] ?? '').slice(0, 200)}`;
}

/** Settings that TensorFlow reads once, when it is loaded; those that are set stay. */
function prepare(): void {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3';
  // Several processes share a GPU: each takes what it needs.
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  // The same input, the same bits.
  process.env['TF_DETERMINISTIC_OPS'] ??= '1';
  // Gone since Node 23, and still called by the package.
  const legacy = util as unknown as Record<string, unknown>;
  legacy['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  legacy['isArray'] ??= Array.isArray;
}
