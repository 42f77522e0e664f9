import { ObjectChanged } from '@jokbo/contracts';
import { decodeF32 } from '@jokbo/safetensors';
import { describe, expect, it } from 'vitest';
import { mappedTensors, openElements, PIECE_ELEMENTS } from './stored-elements.js';
import { memoryCheckpoint } from './testing/memory-checkpoint.js';

const LENGTH = 2 * PIECE_ELEMENTS + 5;
const values = new Float32Array(LENGTH).map((_, index) => index % 256);
const { checkpoint, store } = memoryCheckpoint([
  { name: 'long', shape: [LENGTH], values },
  { name: 'scalar', shape: [], values: Float32Array.of(3) },
]);
const stored = (name: string) => {
  const found = checkpoint.stored.find((tensor) => tensor.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};

describe('openElements', () => {
  it('reads a tensor in pieces, whole and in order', async () => {
    const reader = openElements(checkpoint, store);
    const firsts: number[] = [];
    let sum = 0;
    let next = 0;
    for await (const { first, view } of reader.pieces(stored('long'))) {
      expect(first).toBe(next);
      firsts.push(first);
      const piece = decodeF32(view);
      next += piece.length;
      sum = piece.reduce((total, value) => total + value, sum);
    }
    expect(firsts).toEqual([0, PIECE_ELEMENTS, 2 * PIECE_ELEMENTS]);
    expect(next).toBe(LENGTH);
    expect(sum).toBe(values.reduce((total, value) => total + value, 0));
    await reader.close();
  });

  it('reads runs where it is asked to, and reads a scalar', async () => {
    const reader = openElements(checkpoint, store);
    const firsts: number[] = [];
    for await (const { first, view } of reader.pieces(stored('long'), {
      length: 10,
      stride: PIECE_ELEMENTS + 1,
    })) {
      firsts.push(first, view.shape[0] ?? 0, decodeF32(view)[0] ?? NaN);
    }
    expect(firsts).toEqual([0, 10, 0, PIECE_ELEMENTS + 1, 10, 1, 2 * PIECE_ELEMENTS + 2, 3, 2]);
    for await (const { view } of reader.pieces(stored('scalar'))) expect([...decodeF32(view)]).toEqual([3]);
    await reader.close();
  });

  it('refuses a file that is another version by now', async () => {
    const [file] = checkpoint.files;
    if (file === undefined) throw new Error('a checkpoint has a file');
    const reader = openElements({ files: [{ ...file, etag: 'older' }] }, store);
    await expect(reader.pieces(stored('scalar')).next()).rejects.toThrow(ObjectChanged);
  });
});

describe('mappedTensors', () => {
  it('leaves out what has no meaning, in file order', () => {
    const without = {
      ...checkpoint,
      tensors: checkpoint.tensors.filter((tensor) => tensor.stored !== 'scalar'),
    };
    expect(mappedTensors(checkpoint).map(({ stored: own }) => own.name)).toEqual(['long', 'scalar']);
    expect(mappedTensors(without).map(({ stored: own }) => own.name)).toEqual(['long']);
  });
});
