import { COMPONENTS, VERDICTS } from '@jokbo/contracts';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, MESSAGES } from './messages.js';
import { COMPONENT_CODES, VERDICT_SYMBOLS } from './verdict-marks.js';

describe('verdict marks', () => {
  it('tells every class, and an absent component, apart by symbol and by text', () => {
    const symbols = [...VERDICTS.map((verdict) => VERDICT_SYMBOLS[verdict]), '.'];
    expect(new Set(symbols).size).toBe(VERDICTS.length + 1);
    for (const language of LANGUAGES) {
      const table = MESSAGES[language];
      expect(new Set(VERDICTS.map((verdict) => table[`code_${verdict}`])).size).toBe(VERDICTS.length);
      expect(new Set(VERDICTS.map((verdict) => table[`verdict_${verdict}`])).size).toBe(VERDICTS.length);
      for (const verdict of VERDICTS) {
        expect(stringWidth(VERDICT_SYMBOLS[verdict] + table[`code_${verdict}`])).toBe(3);
      }
    }
  });

  it('heads every component differently', () => {
    expect(new Set(COMPONENTS.map((component) => COMPONENT_CODES[component])).size).toBe(COMPONENTS.length);
  });
});
