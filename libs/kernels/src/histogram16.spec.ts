import { type TensorBackend, UnsupportedDtype } from '@jokbo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { allBackends } from './testing/backends.js';
import { bf16, uniform32 } from './testing/tensors.js';
import { createWasmBackend } from './wasm-backend.js';

let backends: TensorBackend[];
beforeAll(async () => {
  backends = await allBackends();
});
afterAll(async () => {
  await Promise.all(backends.map((backend) => backend.close()));
});

describe('histogram16', () => {
  it.each([0, 1, 65_536, 5_000_003])('counts all patterns of %i elements, at an odd address', async (n) => {
    const next = uniform32(5);
    const expected = new Uint32Array(65_536);
    const bytes = new Uint8Array(new ArrayBuffer(2 * n + 1), 1);
    for (let i = 0; i < n; i++) {
      const pattern = i < 65_536 ? i : next() & 0xffff;
      expected[pattern] = (expected[pattern] ?? 0) + 1;
      bytes[2 * i] = pattern & 0xff;
      bytes[2 * i + 1] = pattern >> 8;
    }
    for (const backend of backends) {
      const counts = await backend.histogram16({ bytes, dtype: 'F16', shape: [n] });
      expect(Buffer.compare(new Uint8Array(counts.buffer), new Uint8Array(expected.buffer))).toBe(0);
    }
  });

  it('leaves no counts behind for the next tensor', async () => {
    const views = [bf16([3_000_000], 1), bf16([10], 2), bf16([2_500_000], 3)];
    const backend = await createWasmBackend({ threads: 2 });
    const counts = await Promise.all([...views, ...views].map((view) => backend.histogram16(view)));
    await backend.close();
    expect(counts.map((count) => count.reduce((sum, value) => sum + value, 0))).toEqual([
      3_000_000, 10, 2_500_000, 3_000_000, 10, 2_500_000,
    ]);
  });

  it('refuses other widths', async () => {
    const view = { bytes: new Uint8Array(4), dtype: 'F32', shape: [1] } as const;
    await expect(backends[0]?.histogram16(view)).rejects.toThrow(UnsupportedDtype);
  });
});
