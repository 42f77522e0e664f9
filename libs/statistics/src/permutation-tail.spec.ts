import { describe, expect, it } from 'vitest';
import { permutationTail } from './permutation-tail.js';

describe('permutationTail', () => {
  it('counts the observed arrangement as one of the permutations', () => {
    const tail = permutationTail(4, 99, -1);
    expect(tail.p).toBe(0.05);
    expect(tail.z).toBeCloseTo(-1.9599639845400545, 9);
    expect(permutationTail(99, 99, 1)).toMatchObject({ p: 1, log10P: 0, z: 0 });
    expect(() => permutationTail(-1, 10, 1)).toThrow(RangeError);
    expect(() => permutationTail(0, 0, 1)).toThrow(RangeError);
  });
});
