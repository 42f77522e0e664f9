import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { wrapParagraph, wrapText } from './wrap-text.js';

describe('wrapText', () => {
  it('breaks after spaces, hyphens and underscores, not inside numbers', () => {
    expect(wrapText('Orion-34B-Base', 10)).toEqual(['Orion-34B-', 'Base']);
    expect(wrapText('balanced_trace', 10)).toEqual(['balanced_', 'trace']);
    expect(wrapText('about 8.7e-4', 11)).toEqual(['about', '8.7e-4']);
    expect(wrapText('found 99 %', 9)).toEqual(['found', '99 %']);
  });

  it('counts wide characters as two', () => {
    expect(wrapText('가나다라', 5)).toEqual(['가나', '다라']);
  });

  it('never exceeds the width and loses nothing but spaces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 4, max: 40 }), (text, width) => {
        const lines = wrapText(text, width);
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      }),
    );
  });

  it('indents later lines by the prefix', () => {
    expect(wrapParagraph('- ', 'one two three', 9)).toEqual(['- one two', '  three']);
  });
});
