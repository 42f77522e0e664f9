import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type { EvidenceRecord, ResultDocument } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { CODE_WORDS } from './code-words.js';
import { DETAIL_WORDS } from './detail-words.js';
import { PHRASES } from './phrase-words.js';
import { RESULT_WORDS, tellPhrase } from './result-words.js';
import { STATISTIC_WORDS } from './statistic-words.js';
import { TRAINING_FIGURE_WORDS } from './training-figure-words.js';

const KEPT = new URL('../../../../test/fixtures/zoo-results.json.br', import.meta.url);
/** Kept audits of the zoo: a real result, whatever its age. */
const AUDITS = JSON.parse(brotliDecompressSync(readFileSync(KEPT)).toString('utf8')) as ResultDocument[];
/** Names of their own and symbols, the same in both languages. */
const UNTOLD = new Set(['awm', 'mdir', 'huref', 'haar_log10_p', 'q']);
const TABLES = { CODE_WORDS, DETAIL_WORDS, STATISTIC_WORDS, TRAINING_FIGURE_WORDS };
/** What no report may claim, as the messages. */
const FORBIDDEN = /복제|복사|베낀|표절|도용|증명/;

const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([place]) => place).sort();
const ko = (text: string): string => tellPhrase(text, 'ko');

describe('words of a result', () => {
  it('are Korean, and insert the same things in both languages', () => {
    for (const [english, korean] of [...Object.entries(RESULT_WORDS), ...Object.entries(PHRASES)]) {
      if (!UNTOLD.has(english) && !english.startsWith('|z'))
        expect(korean, english).toMatch(/\p{Script=Hangul}|←/u);
      expect(places(korean), english).toEqual(places(english));
      expect(korean).not.toMatch(FORBIDDEN);
    }
  });

  it('say one thing each, in whatever table they stand', () => {
    const known = new Map<string, string>();
    for (const table of Object.values(TABLES))
      for (const [english, korean] of Object.entries(table)) {
        expect(known.get(english) ?? korean, english).toBe(korean);
        known.set(english, korean);
      }
  });
});

describe('tellPhrase', () => {
  it('leaves English as it is', () => {
    for (const english of ['trace', 'step 50', 'rotation, heads permuted'])
      expect(tellPhrase(english, 'en')).toBe(english);
  });

  it.each([
    ['as at step 0', '스텝 0과(와) 같음'],
    ['step 200 to 400', '스텝 200~400'],
    ['model.layers.0.q_proj.weight, step 0 to 50', 'model.layers.0.q_proj.weight, 스텝 0~50'],
    ['embedding trace, qwen-vl-mini, step 0', '임베딩 트레이스, qwen-vl-mini, 스텝 0'],
    ['head, step 200 to 400', '출력층, 스텝 200~400'],
    ['step 50 (checkpoints/50), a, b.safetensors', '스텝 50 (checkpoints/50), a, b.safetensors'],
    ['loss: 1.5 in the history, NaN in the offline file', 'loss: 내보낸 기록 1.5, 오프라인 파일 NaN'],
    ['|z_λ| ≥ 8 and r ≥ 0.2', '|z_λ| ≥ 8 그리고 r ≥ 0.2'],
    ['8 scrambles of the reference', '기준 모델을 8번 섞은 것'],
    ['rotation, width pruning, heads permuted', '회전, 폭 가지치기, 헤드 순열'],
    ['0 from 0; 1-3 from 0-2; duplicated 0,2', '0 ← 0; 1-3 ← 0-2; 중복 0,2'],
    ['expert j from j mod 8', 'j번 전문가 ← j mod 8'],
    ['induced by attention, mlp and head', '다른 구성 요소에서 비롯됨: 어텐션, MLP, 출력층'],
    ['induced by another component, or small effect', '다른 구성 요소에서 비롯됨, 또는 작은 효과'],
    ['residual dimensions (128), leading directions removed', '잔차 차원 (128), 주방향 제거'],
    [
      'dtype-differs: the config says F16, most parameters are BF16',
      '자료형 불일치: config에는 F16, 매개변수는 대부분 BF16',
    ],
  ])('tells %s', (english, korean) => {
    expect(ko(english)).toBe(korean);
  });

  it('tells nothing of what it does not know, nor of a list with something unknown in it', () => {
    for (const text of [
      '',
      'rotation, something new',
      'exa-mini × llama-mini',
      'model.embed_tokens.weight',
      'constructor',
      '__proto__',
      'step {n}',
      'induced by the weather',
    ]) {
      expect(ko(text)).toBe(text);
    }
  });

  it('leaves long text that nearly fits a phrase as it is', () => {
    for (const text of [
      'step 1 ('.repeat(240),
      'a, '.repeat(600),
      ', step 1 to '.repeat(170),
      'x'.repeat(1e6),
    ]) {
      expect(ko(text)).toBe(text);
    }
  });
});

describe('a real result', () => {
  const unknown = (texts: Iterable<string | null>): string[] =>
    [...new Set(texts)].filter(
      (text) => text !== null && text !== '' && !UNTOLD.has(text) && ko(text) === text,
    ) as string[];
  const pairs = AUDITS.flatMap((audit) => audit.pairs);
  const records: readonly EvidenceRecord[] = [
    ...pairs.flatMap(({ evidence }) => evidence),
    ...AUDITS.flatMap(({ self_tests: tests = [] }) => tests.flatMap((test) => test.records)),
  ];
  const controls = pairs.flatMap(({ verdict }) => verdict.controls);
  const tests = AUDITS.flatMap(({ training = [] }) => training.flatMap((section) => section.tests));

  it('has no statistic, figure or code without a Korean word', () => {
    expect(unknown(records.flatMap(({ method, reason }) => [method, reason]))).toEqual([]);
    expect(unknown(records.flatMap(({ details }) => Object.keys(details)))).toEqual([]);
    expect(unknown(records.flatMap(({ skipped }) => skipped.map(({ reason }) => reason)))).toEqual([]);
    expect(unknown(tests.flatMap(({ figures }) => figures.map(({ name }) => name)))).toEqual([]);
  });

  it('has no null, alignment, control or note in English alone', () => {
    expect(unknown(records.map((record) => record.null_hypothesis))).toEqual([]);
    const alignments = records.flatMap(({ details }) => details['alignment'] ?? []).map(String);
    expect(
      unknown([...alignments, ...pairs.flatMap((pair) => pair.alignments?.map(({ name }) => name) ?? [])]),
    ).toEqual([]);
    expect(unknown(controls.map(({ note }) => note))).toEqual([]);
    const models = controls.map(({ model }) => model).filter((model) => !model.includes(' × '));
    expect(unknown(models)).toEqual([]);
    expect(unknown(controls.map(({ must }) => must).filter((must) => must.includes(' and ')))).toEqual([]);
    expect(unknown(AUDITS.flatMap((audit) => audit.models.flatMap(({ findings }) => findings)))).toEqual([]);
    const steps = tests
      .flatMap(({ figures }) => figures.map(({ at }) => at))
      .filter((at) => /\bstep \d/.test(at ?? ''));
    expect(unknown(steps)).toEqual([]);
  });
});
