import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { HOSTILE_TEXTS } from '../../specs/hostile-document.js';
import { visibleText } from '../visible-text.js';
import { markdownText } from './markdown-text.js';

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

describe('markdownText', () => {
  it.each(HOSTILE_TEXTS)('%j is read as plain text', (text) => {
    const plain = visibleText(text).trimStart();
    const expected = `x ${plain}`.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
    expect(marked.parseInline(`x ${markdownText(text).trimStart()}`)).toBe(expected);
  });

  it('cuts what is too long', () => {
    expect(markdownText('a'.repeat(400))).toBe(`${'a'.repeat(300)} \\[+100\\]`);
  });
});
