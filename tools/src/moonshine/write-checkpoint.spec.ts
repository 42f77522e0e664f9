import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeF32, parseHeader } from '@jokbo/safetensors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCheckpoint } from './write-checkpoint.js';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'jokbo-tools-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true });
});

describe('writeCheckpoint', () => {
  it('writes what the strict reader reads, and replaces what was there', async () => {
    const folder = join(scratch, 'model');
    const tensors = [
      { name: 'a.weight', shape: [2, 1], values: Float32Array.of(1, -2) },
      { name: 'b.bias', shape: [1], values: Float32Array.of(0.5) },
    ];
    await writeCheckpoint(folder, { tensors: [], config: {} }, 'old');
    await writeFile(join(folder, 'stale'), '');
    await writeCheckpoint(folder, { tensors, config: { hidden_size: 2 } }, 'source');

    expect(await readdir(scratch)).toEqual(['model']);
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'model.safetensors', 'source.json']);
    expect(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))).toEqual({ hidden_size: 2 });
    const bytes = await readFile(join(folder, 'model.safetensors'));
    const header = parseHeader(bytes, bytes.length, 'model.safetensors');
    const read = header.tensors.map(({ name, shape, dtype, begin, end }) => ({
      name,
      shape,
      values: decodeF32({ bytes: bytes.subarray(begin, end), dtype, shape }),
    }));
    expect(read).toEqual(tensors);
  });
});
