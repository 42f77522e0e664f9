import { MalformedCheckpoint } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { adversarialCases } from './fixtures/adversarial-cases.js';
import { fileOf } from './fixtures/header-bytes.js';
import { memorySource } from './fixtures/memory-source.js';
import { parseHeader } from './parse-header.js';
import { readHeader } from './read-header.js';

/** A header of `count` BF16 scalars, and the file that it belongs to. */
function largeFile(count: number): Uint8Array {
  const entries = Array.from(
    { length: count },
    (_, index) =>
      `"model.layers.${index % 61}.mlp.experts.${index}.down_proj.weight":{"dtype":"BF16","shape":[1,1],"data_offsets":[${2 * index},${2 * index + 2}]}`,
  );
  return fileOf(`{${entries.join(',')}}`, 2 * count);
}

describe('readHeader', () => {
  it.each(adversarialCases())('does with $id as parseHeader does', async ({ base64, project, rule }) => {
    const file = Buffer.from(base64, 'base64');
    const header = readHeader(memorySource(file));
    if (project === 'accept') {
      expect(await header).toEqual(parseHeader(file, file.length, 'file'));
    } else {
      await expect(header).rejects.toBeInstanceOf(MalformedCheckpoint);
      await expect(header).rejects.toMatchObject({ rule, object: 'memory:file.safetensors' });
    }
  });

  it('reads a small header in one range of at most 1 MiB', async () => {
    const text = '{"a":{"dtype":"U8","shape":[3000000],"data_offsets":[0,3000000]}}';
    const source = memorySource(fileOf(text, 3_000_000));
    await readHeader(source);
    expect(source.reads).toEqual([{ start: 0, end: 1_048_576 }]);
  });

  it('reads the rest of a large header in a second range', async () => {
    const file = largeFile(60_000);
    const source = memorySource(file);
    const header = await readHeader(source);
    expect(header.tensors).toHaveLength(60_000);
    expect(header.headerLength).toBeGreaterThan(6_000_000);
    expect(source.reads).toEqual([
      { start: 0, end: 1_048_576 },
      { start: 1_048_576, end: 8 + header.headerLength },
    ]);
  });

  it('does not read on when N is wrong', async () => {
    const file = fileOf('{}');
    new DataView(file.buffer).setBigUint64(0, 100_000_001n, true);
    const source = { ...memorySource(file), size: 200_000_000 };
    const reads: unknown[] = [];
    source.read = (range, into) => {
      reads.push(range);
      into.set(file);
      return Promise.resolve();
    };
    await expect(readHeader(source)).rejects.toMatchObject({ rule: 'header-length' });
    expect(reads).toHaveLength(1);
  });

  it('refuses an empty file without reading', async () => {
    const source = memorySource(new Uint8Array(0));
    await expect(readHeader(source)).rejects.toMatchObject({ rule: 'empty-file' });
    expect(source.reads).toEqual([]);
  });

  it('passes the errors of the source on', async () => {
    const failure = new Error('gone');
    const source = { ...memorySource(new Uint8Array(100)), read: () => Promise.reject(failure) };
    await expect(readHeader(source)).rejects.toBe(failure);
  });
});
