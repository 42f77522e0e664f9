import { MalformedCheckpoint, type ByteSource } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { MAX_RANGE, readRange, readWhole } from './read-range.js';

function counting(size: number): ByteSource {
  return {
    uri: 'file:///x',
    size,
    etag: 'x',
    readBytes: 64,
    read(range, into) {
      for (let index = 0; index < into.length; index += 1) into[index] = (range.start + index) & 255;
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

describe('readRange and readWhole', () => {
  it('read into fresh memory', async () => {
    expect(await readRange(counting(100), 3, 6)).toEqual(new Uint8Array([3, 4, 5]));
    expect(await readRange(counting(100), 100, 100)).toEqual(new Uint8Array(0));
    expect(await readWhole(counting(3), 3)).toEqual(new Uint8Array([0, 1, 2]));
  });

  it('refuse to allocate what an object claims to have', async () => {
    await expect(readWhole(counting(101), 100)).rejects.toMatchObject({ rule: 'too-large', value: 101 });
    await expect(readRange(counting(2 ** 50), 0, MAX_RANGE + 1)).rejects.toMatchObject({ rule: 'too-large' });
    await expect(readWhole(counting(2 ** 50), 2 ** 51)).rejects.toMatchObject({ rule: 'too-large' });
  });

  it.each([
    [5, 4],
    [-1, 4],
    [0, 101],
    [Number.NaN, 4],
  ])('refuse the range %d-%d of 100 bytes', async (start, end) => {
    await expect(readRange(counting(100), start, end)).rejects.toThrow(MalformedCheckpoint);
  });
});
