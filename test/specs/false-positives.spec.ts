import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { independentPairs, measureNulls, summariseNulls, type NullDraw } from '@jokbo/tools';
import { beforeAll, describe, expect, it } from 'vitest';
import { ZOO } from './zoo-models.js';

/** Models that are trained on from others, and checkpoints: `npm run false-positives` measures them too. */
const REPEATED = /^variants\/|\/checkpoints\/|-fp8$|intellect|teams\/e\//;

let draws: readonly NullDraw[];

beforeAll(async () => {
  const work = await mkdtemp(join(tmpdir(), 'jokbo nulls '));
  try {
    const pairs = (await independentPairs(ZOO)).filter(
      ({ subject, reference }) => !REPEATED.test(subject) && !REPEATED.test(reference),
    );
    draws = await measureNulls({ pairs, zoo: ZOO, work });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
});

describe('primaries where nothing is shared', () => {
  it('have the spread of a standard normal before calibration', () => {
    const zoo = summariseNulls(draws.filter(({ source }) => source === 'zoo'));
    expect(zoo.draws).toBeGreaterThan(500);
    expect(zoo.sd).toBeGreaterThan(0.9);
    expect(zoo.sd).toBeLessThan(1.15);
    const scrambles = summariseNulls(draws.filter(({ source }) => source === 'scramble'));
    expect(scrambles.draws).toBeGreaterThan(4000);
    expect(Math.abs(scrambles.sd - 1)).toBeLessThan(0.05);
    expect(Math.abs(scrambles.mean)).toBeLessThan(0.06);
  });

  it('never come near a rejection', () => {
    expect(draws.filter(({ z }) => Math.abs(z) >= 6)).toEqual([]);
  });
});
