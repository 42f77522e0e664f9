import { resultSentence } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../specs/result-document.js';
import { sentenceWriter, toldCaveats } from './result-sentence.js';

const korean = sentenceWriter('ko', (id) => `<${id}>`);
const english = sentenceWriter('en', (id) => `<${id}>`);

describe('sentences of a result', () => {
  it('are told with their figures in the language of the report', () => {
    const found = resultSentence('reason_aligned_inherited', {
      method: 'head_matching',
      alignment: 'heads permuted',
      z: 58.412,
      controls: 15,
      block_r: 0.2,
      share: 0.9996,
    });
    expect(english(found)).toBe(
      'head_matching under heads permuted: z 58.41 beside 15 controls, blocks with r ≥ 0.2 hold >99.9 % of the parameters',
    );
    expect(korean(found)).toBe(
      '정렬(헤드 순열)을 적용한 헤드 짝짓기: 대조 15쌍에 견준 z 58.41, r이 0.2 이상인 블록이 매개변수의 >99.9 %를 차지함',
    );
  });

  it('name components, classes, tests, controls and models as reports do', () => {
    const linked = resultSentence('criterion_component', {
      component: 'attention',
      verdict: 'derived',
      references: ['a', 'b'],
    });
    expect(korean(linked)).toBe('어텐션: 파생, 상대 <a>, <b>');
    expect(english(linked)).toBe('attention: derived against <a>, <b>');
    const why = 'hardware-not-declared';
    expect(korean(resultSentence('criterion_training_test', { test: 'compute_plausible', why }))).toBe(
      '연산량의 타당성: 하드웨어를 신고하지 않음',
    );
    const controls = [{ kind: 'negative', method: 'trace' }] as const;
    expect(korean(resultSentence('reason_controls_failed', { controls }))).toBe(
      '나와서는 안 될 값이 나온 대조군: 음성 (트레이스)',
    );
    expect(korean(resultSentence('reason_low_power', { r_min: null, required: 0.01 }))).toBe(
      '검정력 부족: 찾아낼 수 있는 가장 작은 r은 측정 안 됨, 요구되는 값은 0.0100',
    );
  });

  it('of an old result, or of a newer tool, are their English text', () => {
    expect(korean({ text: 'z 3' })).toBe('z 3');
    expect(korean({ text: 'z 3', message: 'reason_of_a_newer_tool', figures: {} })).toBe('z 3');
    expect(korean({ text: 'z 3', message: 'reason_clean', figures: { clean_z: '4' } })).toBe('z 3');
  });

  it('are found for caveats where the result has them', () => {
    const { text, ...coded } = resultSentence('caveat_uncalibrated', {
      pairs: 20,
      lambda: 1.5,
      statistics: ['trace', 'gram'],
    });
    const document = resultDocument({ caveats: [text, 'old'], caveat_messages: [coded] });
    expect(toldCaveats(document).map(korean)).toEqual([
      '폭이 없는 구성 요소의 독립인 기준 모델 쌍이 20쌍보다 적어, 다음 통계량의 λ 1.5는 측정한 값이 아니라 정해 둔 값입니다: 트레이스, 그람.',
      'old',
    ]);
  });
});
