import type { ComparisonKind, PlannedComparison } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { estimateWork } from './estimate-work.js';
import type { PlannedModelWork } from './plan-audit.js';

/** A model of 100 GB in 1,000 tensors. */
function model(id: string, changed: Partial<PlannedModelWork> = {}): PlannedModelWork {
  return {
    ...{ id, uri: `file:///models/${id}`, shards: 10, groups: 7, tensors: 1_000 },
    ...{ parameters: 50e9, excludedParameters: 0, bytes: 100e9, cachedBytes: 0, findings: [] },
    ...changed,
  };
}

function comparison(
  subject: string,
  reference: string,
  { kind = 'audit', mode = 'sampled' }: { kind?: ComparisonKind; mode?: PlannedComparison['mode'] } = {},
): PlannedComparison {
  return { kind, subject, reference, mode };
}

const A = model('a');
const B = model('b');
const READ_S = estimateWork([A], []).readSeconds;
const PAIR_S = estimateWork([A, B], [comparison('a', 'b')]).compareSeconds;

describe('estimateWork', () => {
  it('reads each model once for all of its pairs, a GB in about a second', () => {
    expect(READ_S).toBeGreaterThan(50);
    expect(READ_S).toBeLessThan(200);
    const pairs = [comparison('a', 'b'), comparison('b', 'a'), comparison('a', 'a', { kind: 'self' })];
    expect(estimateWork([A, B], pairs).readSeconds).toBeCloseTo(2 * READ_S);
  });

  it('leaves out what is stored, by its bytes', () => {
    expect(estimateWork([model('a', { cachedBytes: 75e9 })], []).readSeconds).toBeCloseTo(READ_S / 4);
    expect(estimateWork([model('a', { cachedBytes: 100e9 })], []).readSeconds).toBe(0);
  });

  it('takes longer of a bucket', () => {
    const remote = estimateWork([model('a', { uri: 's3://models/a' })], []).readSeconds;
    expect(remote).toBeGreaterThan(5 * READ_S);
  });

  it('reads both models of a pair over all elements again, though they are stored', () => {
    const stored = [model('a', { cachedBytes: 100e9 }), model('b', { cachedBytes: 300e9, bytes: 300e9 })];
    const full = estimateWork(stored, [comparison('a', 'b', { mode: 'full' })]);
    expect(full.readSeconds).toBeCloseTo(4 * READ_S);
    const itself = estimateWork(stored, [comparison('a', 'a', { kind: 'self', mode: 'full' })]);
    expect(itself.readSeconds).toBeCloseTo(READ_S);
  });

  it('compares by the tensors of the smaller model', () => {
    const vast = model('vast', { tensors: 60_000 });
    for (const pair of [comparison('a', 'vast'), comparison('vast', 'a')]) {
      expect(estimateWork([A, vast], [pair]).compareSeconds).toBeCloseTo(PAIR_S);
    }
    const larger = [model('a', { tensors: 3_000 }), vast];
    expect(estimateWork(larger, [comparison('a', 'vast')]).compareSeconds).toBeCloseTo(3 * PAIR_S);
  });

  it('adds up pairs, of which tier 3 takes longer than the tiers before it', () => {
    const disguise = comparison('a', 'b', { kind: 'disguise' });
    const { compareSeconds } = estimateWork([A, B], [comparison('a', 'b'), disguise]);
    expect(compareSeconds).toBeGreaterThan(2 * PAIR_S);
    expect(estimateWork([A, B], [disguise, disguise]).compareSeconds).toBeCloseTo(
      2 * (compareSeconds - PAIR_S),
    );
  });

  it('is nothing for a fingerprint that is there, but for its comparisons', () => {
    const known = model('known', { uri: 'file:///known.fingerprint', groups: 0, bytes: 0 });
    const { readSeconds, compareSeconds } = estimateWork([known, B], [comparison('known', 'b')]);
    expect(readSeconds).toBeCloseTo(READ_S);
    expect(compareSeconds).toBeCloseTo(PAIR_S);
    expect(estimateWork([], [])).toEqual({ readSeconds: 0, compareSeconds: 0 });
  });
});
