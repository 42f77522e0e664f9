import {
  DatabaseUnavailable,
  MalformedCheckpoint,
  ObjectChanged,
  ObjectMissing,
  StorageFull,
  UnsupportedDtype,
  UsageError,
  VERDICTS,
} from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { exitCodeOfError, exitCodeOfPairs, unmeasuredReleases } from './exit-code.js';

type Pair = Parameters<typeof exitCodeOfPairs>[1][number];

/** A pair of which everything was measured, unless told otherwise. */
function pair(verdict: Pair['verdict'], rest: Partial<Pair> = {}): Pair {
  return { subject: 'release', verdict, declared: false, comparable_share: 1, ...rest };
}

describe('exitCodeOfPairs', () => {
  it('counts what is at or above --fail-on, and nothing else', () => {
    const codes = (failOn: (typeof VERDICTS)[number]) =>
      VERDICTS.map((verdict) => exitCodeOfPairs(['release'], [pair(verdict)], { failOn }));
    // In order of VERDICTS: identical, derived, partially, common origin, invalid, inconclusive, none, n. c.
    expect(codes('partially_derived')).toEqual([1, 1, 1, 0, 4, 4, 0, 0]);
    expect(codes('common_origin')).toEqual([1, 1, 1, 1, 4, 4, 0, 0]);
    expect(codes('identical')).toEqual([1, 0, 0, 0, 4, 4, 0, 0]);
  });

  it('takes declared ancestry as a finding only when asked to', () => {
    const pairs = [pair('derived', { declared: true })];
    expect(exitCodeOfPairs(['release'], pairs, { failOn: 'derived' })).toBe(0);
    expect(exitCodeOfPairs(['release'], pairs, { failOn: 'derived', declared: true })).toBe(1);
  });

  it('says a finding before an open question, and an open question before clean', () => {
    const [open, clean, found] = [pair('inconclusive'), pair('no_link_found'), pair('derived')];
    expect(exitCodeOfPairs(['release'], [clean, open, found], { failOn: 'derived' })).toBe(1);
    expect(exitCodeOfPairs(['release'], [clean, open], { failOn: 'derived' })).toBe(4);
    expect(exitCodeOfPairs([], [], { failOn: 'derived' })).toBe(0);
  });

  it('lets no release pass of which nothing was comparable with any reference', () => {
    const nothing = pair('not_comparable', { comparable_share: 0 });
    const rule = { failOn: 'derived' } as const;
    expect(exitCodeOfPairs(['release'], [nothing, nothing], rule)).toBe(4);
    expect(exitCodeOfPairs(['release'], [nothing, pair('no_link_found')], rule)).toBe(0);
    expect(
      exitCodeOfPairs(['release'], [nothing, pair('not_comparable', { comparable_share: 0.2 })], rule),
    ).toBe(0);
    const other = pair('no_link_found', { subject: 'other' });
    expect(exitCodeOfPairs(['release', 'other'], [nothing, other], rule)).toBe(4);
    expect(
      exitCodeOfPairs(['release', 'other'], [nothing, pair('derived', { subject: 'other' })], rule),
    ).toBe(1);
    // A release whose only reference is itself is compared with nothing.
    expect(exitCodeOfPairs(['release', 'other'], [other], rule)).toBe(4);
    expect(unmeasuredReleases(['release', 'other', 'none'], [nothing, other])).toEqual(['release', 'none']);
  });
});

describe('exitCodeOfError', () => {
  it('is 2 where what was asked for is wrong or absent', () => {
    expect(exitCodeOfError(new UsageError('x'))).toBe(2);
    expect(exitCodeOfError(new ObjectMissing('x'))).toBe(2);
  });

  it('is 3 where the run failed', () => {
    for (const error of [
      new MalformedCheckpoint('rule', 'x'),
      new UnsupportedDtype('x'),
      new ObjectChanged('x'),
      new StorageFull('x'),
      new DatabaseUnavailable('x'),
      new TypeError('x'),
      'text',
    ]) {
      expect(exitCodeOfError(error)).toBe(3);
    }
  });
});
