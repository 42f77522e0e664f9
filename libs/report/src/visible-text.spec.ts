import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_NAME, visibleText } from './visible-text.js';

describe('visibleText', () => {
  it('leaves names in any script as they are', () => {
    for (const name of ['한빛-32B', 'Söhne & Co', '模型 🦙', '<b>']) expect(visibleText(name)).toBe(name);
  });

  it('shows what would move the cursor, reverse text or hide', () => {
    expect(visibleText('a\u001b[31mb')).toBe('a\\u{1b}[31mb');
    expect(visibleText('a\u202eb\u200bc\nd')).toBe('a\\u{202e}b\\u{200b}c\\u{a}d');
    expect(visibleText('a\ud800')).toBe('a\\u{d800}');
  });

  it('says how much it cut', () => {
    expect(visibleText('x'.repeat(LONGEST_NAME + 7))).toBe(`${'x'.repeat(LONGEST_NAME)} [+7]`);
  });

  it('leaves no control character in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visibleText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
    );
  });
});
