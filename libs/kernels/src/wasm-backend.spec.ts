import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { UsageError } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';

import { KernelFailed } from './kernel-failed.js';
import { bf16 } from './testing/tensors.js';
import { createWasmBackend } from './wasm-backend.js';

const BUILT = new URL('../dist/index.js', import.meta.url);

describe('createWasmBackend', () => {
  it('refuses a number of threads that it cannot start', async () => {
    for (const threads of [-1, 1.5, 65, NaN]) {
      await expect(createWasmBackend({ threads })).rejects.toThrow(UsageError);
    }
  });

  it('fails after it was closed, also where no thread is needed', async () => {
    const backend = await createWasmBackend({ threads: 1 });
    expect(backend.name).toBe('wasm');
    const running = expect(backend.histogram16(bf16([3_000_000], 1))).rejects.toThrow(KernelFailed);
    await backend.close();
    await backend.close();
    await running;
    await expect(backend.histogram16(bf16([1], 1))).rejects.toThrow(KernelFailed);
  });

  it('works from the build, and lets an idle process end without close', async () => {
    const program = `
      import { createWasmBackend } from '${BUILT.href}';
      const backend = await createWasmBackend({ threads: 2 });
      const view = { bytes: new Uint8Array(4_000_000), dtype: 'BF16', shape: [2_000_000] };
      const { n, equal } = await backend.pairSums(view, view);
      console.log(n, equal);`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', program],
      {
        timeout: 60_000,
      },
    );
    expect(stdout).toBe('2000000 2000000\n');
  });
});
