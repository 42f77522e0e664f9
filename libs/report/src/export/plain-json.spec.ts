import { describe, expect, it } from 'vitest';
import { plainJson, withEscapes } from './plain-json.js';

describe('plainJson', () => {
  it('escapes what is invisible and keeps the value', () => {
    const value = { a: '\u001b[31m \u009b \u202e \u2028 \u{e0041} 한글 é 👍 \ud800' };
    const text = plainJson(value);
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    expect(text).toContain('\\udb40\\udc41 한글 é 👍 \\ud800');
    expect(JSON.parse(text)).toEqual(value);
  });

  it('leaves the line ends of indented JSON', () => {
    const text = withEscapes(JSON.stringify({ a: 'x\n\u202e' }, null, 2));
    expect(text).toBe('{\n  "a": "x\\n\\u202e"\n}');
  });
});
