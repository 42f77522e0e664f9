import { describe, expect, it } from 'vitest';
import { addressOf } from './address.js';

describe('addressOf', () => {
  it('joins plain names as they are', () => {
    expect(addressOf('open-mini', 'GLM_4.5', 'attn.q')).toBe('open-mini~GLM_4.5~attn.q');
  });

  it.each(['a/b', '..', 'a~b', '', '한빛', '<script>', '\ud800', 'a'.repeat(65), '%2e', 'a b'])(
    'writes a digest where a name is not plain: %j',
    (name) => expect(addressOf('a', name)).toMatch(/^~[0-9a-f]{64}$/),
  );

  it('tells different names apart, however they are split', () => {
    const names = [
      ['a', 'b'],
      ['a b'],
      ['a b', ''],
      ['', 'a b'],
      ['a~b'],
      ['a', 'b', ''],
      ['\ud800'],
      ['\ud801'],
    ];
    expect(new Set(names.map((item) => addressOf(...item))).size).toBe(names.length);
  });
});
