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
import { exitCodeOfError, exitCodeOfPairs } from './exit-code.js';

describe('exitCodeOfPairs', () => {
  it('counts what is at or above --fail-on, and nothing else', () => {
    const codes = (failOn: (typeof VERDICTS)[number]) =>
      VERDICTS.map((verdict) => exitCodeOfPairs([{ verdict, declared: false }], { failOn }));
    // In order of VERDICTS: identical, derived, partially, common origin, invalid, inconclusive, none, n. c.
    expect(codes('partially_derived')).toEqual([1, 1, 1, 0, 4, 4, 0, 0]);
    expect(codes('common_origin')).toEqual([1, 1, 1, 1, 4, 4, 0, 0]);
    expect(codes('identical')).toEqual([1, 0, 0, 0, 4, 4, 0, 0]);
  });

  it('takes declared ancestry as a finding only when asked to', () => {
    const pairs = [{ verdict: 'derived', declared: true }] as const;
    expect(exitCodeOfPairs(pairs, { failOn: 'derived' })).toBe(0);
    expect(exitCodeOfPairs(pairs, { failOn: 'derived', declared: true })).toBe(1);
  });

  it('says a finding before an open question, and an open question before clean', () => {
    const open = { verdict: 'inconclusive', declared: false } as const;
    const clean = { verdict: 'no_link_found', declared: false } as const;
    const found = { verdict: 'derived', declared: false } as const;
    expect(exitCodeOfPairs([clean, open, found], { failOn: 'derived' })).toBe(1);
    expect(exitCodeOfPairs([clean, open], { failOn: 'derived' })).toBe(4);
    expect(exitCodeOfPairs([], { failOn: 'derived' })).toBe(0);
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
