import { describe, expect, it } from 'vitest';
import { gpuRoom } from './gpu-room.js';

const room = (builds: readonly (string | null)[], waiting: number | null, build: string | null = null) =>
  gpuRoom((role) => {
    expect(role).toBe('gpu');
    return Promise.resolve({ builds, waiting, lag: null });
  }, build);

describe('gpuRoom', () => {
  it('is none where nobody polls', async () => {
    expect(await room([], null)).toBe(0);
    expect(await room([], 3)).toBe(0);
  });

  it('grows with the workers, and is less by what waits', async () => {
    expect(await room([null], 0)).toBe(8);
    expect(await room([null, null], 5)).toBe(11);
    expect(await room([null], 100)).toBe(0);
    expect(await room([null], null)).toBe(8);
  });

  it('counts workers of the own build alone', async () => {
    expect(await room(['old', 'new'], 0, 'new')).toBe(8);
    expect(await room(['old'], 0, 'new')).toBe(0);
    expect(await room(['old', null], 0)).toBe(8);
  });
});
