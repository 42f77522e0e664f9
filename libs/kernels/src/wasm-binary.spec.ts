import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { RELAXED_SIMD_WASM, SIMD_WASM, WASM_DIGESTS } from './wasm-binary.js';
import { compileKernels } from './wasm-module.js';

const SCRIPT = new URL('../scripts/build-wasm.mjs', import.meta.url);

describe('wasm-binary', () => {
  it('is what assembly/ compiles to now', async () => {
    const { wasmBinarySource } = (await import(SCRIPT.href)) as { wasmBinarySource: () => Promise<string> };
    const committed = await readFile(new URL('wasm-binary.ts', import.meta.url), 'utf8');
    expect(await wasmBinarySource()).toBe(committed);
  });

  it('states the digests of the binaries', () => {
    const digest = (base64: string) =>
      createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex');
    expect({ simd: digest(SIMD_WASM), relaxed: digest(RELAXED_SIMD_WASM) }).toEqual(WASM_DIGESTS);
  });

  it('runs both builds on this engine, and prefers relaxed SIMD', () => {
    expect(compileKernels(false).relaxed).toBe(false);
    expect(compileKernels(true).relaxed).toBe(true);
    expect(compileKernels('auto').relaxed).toBe(true);
  });

  it('keeps nothing in memory but what its callers place there', () => {
    for (const relaxed of [false, true]) {
      const { module } = compileKernels(relaxed);
      expect(WebAssembly.Module.imports(module)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
      // An instance on each thread would write data segments over the shared memory again.
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
      new Uint8Array(memory.buffer).fill(7);
      new WebAssembly.Instance(module, { env: { memory } });
      expect(new Uint8Array(memory.buffer).every((byte) => byte === 7)).toBe(true);
    }
  });
});
