import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../servers/cache-folder.js';
import { provisionTensorflow } from './provision-tensorflow.js';

/** TensorFlow for processors alone, or for NVIDIA GPUs as well. */
export type TensorflowFlavour = 'cpu' | 'gpu';

/** What one flavour is made of: a package of TensorFlow.js, and the wheel that brings the library which it wraps. */
export interface TensorflowParts {
  readonly package: string;
  readonly version: string;
  readonly wheel: string;
  readonly wheelVersion: string;
  /** SHA-256 of the wheel for CPython 3.11 on x86-64; no line of Python in it is run. */
  readonly wheelDigest: string;
}

const PARTS: Readonly<Record<TensorflowFlavour, TensorflowParts>> = {
  cpu: {
    package: '@tensorflow/tfjs-node',
    version: '4.22.0',
    wheel: 'tensorflow-cpu',
    wheelVersion: '2.18.1',
    wheelDigest: '810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298',
  },
  gpu: {
    package: '@tensorflow/tfjs-node-gpu',
    version: '4.22.0',
    wheel: 'tensorflow',
    wheelVersion: '2.18.1',
    wheelDigest: 'c9f87e5d2a680a4595f5dc30daf6bbaec9d4129b46d7ef1b2af63c46ac7d2828',
  },
};

export interface FindTensorflowOptions {
  readonly flavour?: TensorflowFlavour;
  /** Whether it may be made where it is not there: a minute, and 700 MB. */
  readonly make: boolean;
  readonly say: (line: string) => void;
}

/**
 * The folder with TensorFlow for `JOKBO_TENSORFLOW`: one that was made before, else made now.
 *
 * @returns null where there is none and none is to be made.
 * @throws Error where making it failed: no registry, no compiler, no room.
 */
export async function findTensorflow(options: FindTensorflowOptions): Promise<string | null> {
  const { flavour = 'cpu', make, say } = options;
  const parts = PARTS[flavour];
  const folder = join(cacheFolder('tensorflow'), `${flavour}-${parts.version}-${parts.wheelVersion}`);
  if (existsSync(folder)) return folder;
  if (!make) return null;
  say(
    `making TensorFlow once (${parts.package}, ${parts.wheel} ${parts.wheelVersion}); it is kept in ${folder}`,
  );
  await provisionTensorflow(folder, parts);
  return folder;
}
