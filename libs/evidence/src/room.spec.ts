import { describe, expect, it } from 'vitest';
import { createRoom } from './room.js';

describe('createRoom', () => {
  it('gives as many numbers as are asked for, in one memory until it has to grow', () => {
    const room = createRoom(Float64Array);
    const first = room(6).fill(7);
    const second = room(4);
    expect(second).toEqual(Float64Array.of(7, 7, 7, 7));
    expect(second.buffer).toBe(first.buffer);
    const third = room(9);
    expect(third).toHaveLength(9);
    expect(third.buffer).not.toBe(first.buffer);
    expect(room(9).buffer).toBe(third.buffer);
    expect(createRoom(Float32Array)(0)).toEqual(new Float32Array());
  });
});
