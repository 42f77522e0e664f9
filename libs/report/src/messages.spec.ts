import { describe, expect, it } from 'vitest';
import { LANGUAGES, MESSAGES, translator } from './messages.js';

/** What no report may claim, in either language. */
const FORBIDDEN = /copied|plagiar|stolen|proved|proven|from scratch|복제|복사|베낀|표절|도용|증명/i;

const names = (message: string) => [...message.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe('messages', () => {
  it('has the same keys and the same values to insert in every language', () => {
    const keys = Object.keys(MESSAGES.en).sort();
    for (const language of LANGUAGES) {
      expect(Object.keys(MESSAGES[language]).sort()).toEqual(keys);
      for (const [key, message] of Object.entries(MESSAGES[language])) {
        expect(message.trim(), key).not.toBe('');
        const english = new Map<string, string>(Object.entries(MESSAGES.en)).get(key) ?? '';
        expect(names(message), `${language} ${key}`).toEqual(names(english));
      }
    }
  });

  it('claims no more than was measured', () => {
    for (const language of LANGUAGES) {
      for (const message of Object.values(MESSAGES[language])) expect(message).not.toMatch(FORBIDDEN);
    }
  });

  it('writes Korean in Korean', () => {
    const hangul = Object.values(MESSAGES.ko).filter((message) => /\p{Script=Hangul}/u.test(message));
    expect(hangul.length).toBeGreaterThan(Object.keys(MESSAGES.ko).length * 0.9);
  });

  it('inserts values once, and leaves unknown names as they are', () => {
    const t = translator('en');
    expect(t('finding_r_min', { r_min: '{component}', component: 'head' })).toBe('{component} (head)');
    expect(t('of', { k: 3 })).toBe('3 of {n}');
    expect(t('of', { k: '$&', n: "$'" })).toBe("$& of $'");
  });
});
