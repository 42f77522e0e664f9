import { describe, expect, it } from 'vitest';
import { didYouMean } from './suggest.js';

describe('didYouMean', () => {
  it.each([
    ['sorce', 'source'],
    ['Source', 'source'],
    ['souce', 'source'],
    ['teem', 'team'],
    ['sourced', 'source'],
  ])('%s → %s', (typed, meant) => {
    expect(didYouMean(typed, ['id', 'team', 'release', 'source'])).toBe(` (did you mean "${meant}"?)`);
  });

  it('is silent where nothing is close', () => {
    expect(didYouMean('licence', ['id', 'team', 'source'])).toBe('');
    expect(didYouMean('x', [])).toBe('');
    expect(didYouMean('a'.repeat(65), ['a'.repeat(64)])).toBe('');
  });

  it('takes the closest, and of equals the first', () => {
    expect(didYouMean('llama-s3', ['llama-s0', 'llama-s1', 'llama-s33'])).toContain('"llama-s0"');
    expect(didYouMean('llama-s33', ['llama-s0', 'llama-s333'])).toContain('"llama-s333"');
  });
});
