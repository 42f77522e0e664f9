import { describe, expect, it } from 'vitest';
import { seedOf } from '../specs/simulated-factors.js';
import { createRandom, createRandomFromState, identityPermutation, shuffle } from './random.js';

describe('createRandomFromState', () => {
  it('is xoshiro128** 1.1', () => {
    const counted = createRandomFromState([1, 2, 3, 4]);
    expect(Array.from({ length: 8 }, () => counted.uint32())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849,
    ]);
    // Output of the authors' C program for this state, as published with xoshiro-6502.
    const published = createRandomFromState([0x964d4a0c, 0xd40ab895, 0xad7fdecb, 0x3006f0f0]);
    expect(Array.from({ length: 4 }, () => published.uint32())).toEqual([
      0xf1391922, 0x6fe53806, 0xa5be2840, 0xf510ee70,
    ]);
  });

  it('never stays at zero', () => {
    const random = createRandomFromState([0, 0, 0, 0]);
    expect(Array.from({ length: 8 }, () => random.uint32()).some((value) => value !== 0)).toBe(true);
    expect(createRandom('ab'.repeat(32)).uint32()).toBe(createRandomFromState([1, 0, 0, 0]).uint32());
  });
});

describe('createRandom', () => {
  it('repeats for a seed and differs between seeds', () => {
    const draw = (text: string) => {
      const random = createRandom(seedOf(text));
      return Array.from({ length: 5 }, () => random.uint32());
    };
    expect(draw('one')).toEqual(draw('one'));
    expect(draw('one')).not.toEqual(draw('two'));
  });

  it('takes only a SHA-256 digest', () => {
    for (const bad of ['', 'abc', 'g'.repeat(64), 'a'.repeat(65)]) {
      expect(() => createRandom(bad)).toThrow(RangeError);
    }
  });

  it('draws below a bound without bias', () => {
    const random = createRandom(seedOf('below'));
    const counts = new Float64Array(7);
    const draws = 70_000;
    for (let i = 0; i < draws; i += 1) {
      const value = random.below(7);
      counts[value] = (counts[value] ?? NaN) + 1;
    }
    const chiSquared = counts.reduce((sum, count) => sum + (count - draws / 7) ** 2 / (draws / 7), 0);
    expect(chiSquared).toBeLessThan(22.5); // 6 degrees of freedom, p .001
    expect(random.below(1)).toBe(0);
    expect(random.below(2 ** 21)).toBeLessThan(2 ** 21);
    for (const bad of [0, -1, 2 ** 21 + 1, NaN]) expect(() => random.below(bad)).toThrow(RangeError);
  });
});

describe('shuffle', () => {
  it('reaches every permutation equally often', () => {
    const random = createRandom(seedOf('shuffle'));
    const permutation = identityPermutation(4);
    const counts = new Map<string, number>();
    const draws = 48_000;
    for (let i = 0; i < draws; i += 1) {
      shuffle(permutation, random);
      const key = permutation.join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    let chiSquared = 0;
    for (const count of counts.values()) chiSquared += (count - draws / 24) ** 2 / (draws / 24);
    expect(chiSquared).toBeLessThan(49.7); // 23 degrees of freedom, p .001
  });
});
