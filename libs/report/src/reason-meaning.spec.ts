import { describe, expect, it } from 'vitest';
import { reasonMeaning, reasonSentence } from './reason-meaning.js';

describe('the meaning of a reason', () => {
  it('is told in the language of the report, beside the figures', () => {
    const reason = { code: 'experts<-mlp', records: [], text: 'held against its mlp' };
    expect(reasonSentence(reason, 'ko')).toBe(
      '전문가를 기준의 밀집 MLP와 비교함 (experts<-mlp: held against its mlp)',
    );
    expect(reasonSentence(reason, 'en')).toBe('experts<-mlp: held against its mlp');
  });

  it('is unknown of codes that no message has', () => {
    for (const code of ['of-a-newer-tool', '', 'constructor', '__proto__'])
      expect(reasonMeaning(code)).toBeNull();
    const reason = { code: 'of-a-newer-tool', records: [], text: 'z 3' };
    expect(reasonSentence(reason, 'ko')).toBe('of-a-newer-tool: z 3');
  });
});
