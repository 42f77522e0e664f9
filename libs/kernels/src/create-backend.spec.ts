import type { BackendChoice } from '@jokbo/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBackend } from './create-backend.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo tensorflow '));
  vi.stubEnv('JOKBO_TENSORFLOW', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Name of the backend that is made, and what was noted. */
async function made(choice: BackendChoice): Promise<unknown> {
  const notes: string[] = [];
  const backend = await createBackend(choice, { threads: 0 }, (line) => notes.push(line));
  await backend.close();
  return [backend.name, ...notes];
}

/** A package in the folder that is named, with this code. */
async function install(name: string, code: string): Promise<void> {
  const place = join(folder, 'node_modules', name);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'index.js'), code);
}

describe('without TensorFlow', () => {
  it('WASM computes, and only who asked for TensorFlow is told', async () => {
    expect(await made('auto')).toEqual(['wasm']);
    expect(await made('wasm')).toEqual(['wasm']);
    expect(await made('tensorflow')).toEqual([
      'wasm',
      'no TensorFlow, WASM computes instead: @tensorflow/tfjs-node-gpu is not installed; ' +
        '@tensorflow/tfjs-node is not installed',
    ]);
  });

  it.each([
    [
      'throws',
      'throw new Error("libtensorflow.so.2: cannot open\\nat line 2")',
      'does not load: libtensorflow',
    ],
    ['lacks a part', 'require("./absent")', 'does not load: Cannot find module'],
    ['has no addon', 'module.exports = { getBackend: () => "cpu" }', 'has no addon'],
    ['is something else', 'module.exports = {}', 'does not load: '],
  ])('one line says so where it %s', async (_, code, expected) => {
    await install('@tensorflow/tfjs-node', code);
    const [name, note, ...more] = (await made('tensorflow')) as string[];
    expect([name, more]).toEqual(['wasm', []]);
    expect(note).toContain(`@tensorflow/tfjs-node ${expected}`);
    expect(note).not.toContain('\n');
    expect(await made('auto')).toEqual(['wasm']);
  });

  it('is not looked for where WASM is wanted', async () => {
    await install('@tensorflow/tfjs-node', 'process.exit(1)');
    expect(await made('wasm')).toEqual(['wasm']);
  });
});

it('is left alone by auto where it has no GPU', async () => {
  const binding = '{ deleteTensor() {} }';
  await install(
    '@tensorflow/tfjs-node',
    `module.exports = { getBackend: () => "tensorflow", backend: () => ({ binding: ${binding}, isUsingGpuDevice: false }) }`,
  );
  expect(await made('auto')).toEqual(['wasm']);
  expect(await made('tensorflow')).toEqual(['tensorflow']);
});
