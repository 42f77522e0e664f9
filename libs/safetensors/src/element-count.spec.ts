import { DTYPE_BITS, isDtype } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { elementCount, isFloatDtype } from './element-count.js';
import { ruleOf } from './fixtures/rule-of.js';

describe('elementCount', () => {
  it.each([
    [[], 1],
    [[7], 7],
    [[3, 4, 5], 60],
    [[9_007_199_254_740_991, 9_007_199_254_740_991, 0], 0],
  ])('%j has %d elements', (shape, count) => {
    expect(elementCount(shape)).toBe(count);
  });

  it('refuses a product that is no safe integer', () => {
    expect(ruleOf(() => elementCount([2 ** 30, 2 ** 30]))).toBe('size');
  });
});

describe('isFloatDtype', () => {
  it('tells the floats of the format from the rest', () => {
    const floats = Object.keys(DTYPE_BITS).filter((dtype) => isDtype(dtype) && isFloatDtype(dtype));
    const others = Object.keys(DTYPE_BITS).filter((dtype) => !floats.includes(dtype));
    expect(others).toEqual(['BOOL', 'U8', 'I8', 'U16', 'I16', 'U32', 'I32', 'U64', 'I64', 'C64']);
  });
});
