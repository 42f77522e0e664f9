import { describe, expect, it } from 'vitest';
import { context, createFindings, judged, largest, limited, notProvided, smallest } from './training-test.js';

describe('judged', () => {
  it('fails on the first figure beyond its limit, passes where all keep to theirs', () => {
    const fine = limited('a', 3, 'at_most', 4);
    expect(judged('path_smooth', [fine, context('b', 99)], createFindings(), 'log-absent').outcome).toBe(
      'pass',
    );
    const test = judged(
      'path_smooth',
      [fine, limited('c', 1, 'at_least', 2), limited('d', 9, 'at_most', 2)],
      createFindings(),
      'log-absent',
    );
    expect(test).toMatchObject({ outcome: 'fail', reason: 'c' });
  });

  it('is not provided where nothing was measured, and never takes that for a pass', () => {
    const empty = limited('a', null, 'at_most', 4);
    expect(judged('path_smooth', [empty], createFindings(), 'log-absent')).toMatchObject({
      outcome: 'not_provided',
      reason: 'log-absent',
    });
    expect(limited('a', Number.NaN, 'at_most', 4).value).toBeNull();
  });
});

describe('createFindings', () => {
  it('lists fifty, counts the rest, and keeps to what JSON carries', () => {
    const findings = createFindings();
    for (let index = 0; index < 70; index += 1)
      findings.add('gap', null, index === 0 ? Number.POSITIVE_INFINITY : index);
    const all = createFindings();
    all.addAll(findings);
    expect(notProvided('path_smooth', 'log-absent', [], all)).toMatchObject({ findings_more: 20 });
    expect(all.listed[0]?.value).toBe('Infinity');
  });
});

describe('largest and smallest', () => {
  it('say where, pass over NaN, and keep what is beyond all numbers a number', () => {
    const [most, least] = [largest(), smallest()];
    for (const [value, at] of [
      [2, 'a'],
      [5, 'b'],
      [Number.NaN, 'c'],
      [1, 'd'],
    ] as const) {
      most.add(value, at);
      least.add(value, at);
    }
    expect([most.value, most.at, least.value, least.at]).toEqual([5, 'b', 1, 'd']);
    most.add(Number.POSITIVE_INFINITY, 'e');
    expect([most.value, most.at]).toEqual([Number.MAX_VALUE, 'e']);
    expect(largest().value).toBeNull();
  });
});
