import type { Criterion, RuleEvaluation } from '@jokbo/contracts';
import { expect, it } from 'vitest';
import { resultDocument } from '../specs/result-document.js';
import { renderHtml } from './render-html.js';
import { renderTerminal } from './render-terminal.js';

const plain = resultDocument();
const ESCAPE = '\u001b';

const criteria: readonly Criterion[] = [
  { id: 'own', kind: 'technical', title: { ko: '독자 가중치', en: 'Own weights' }, test: 'declared_lineage' },
  {
    id: 'licence',
    kind: 'policy',
    title: { ko: '라이선스', en: 'Licence' },
    test: 'licence',
    allowed: ['MIT'],
  },
  {
    id: 'data',
    kind: 'ethical',
    title: { ko: '자료', en: `<b>Data${ESCAPE}[2J` },
    test: 'declarations',
    names: ['a'],
  },
];

const reason = (text: string) => [{ code: 'x', records: [], text }];
const evaluations: readonly RuleEvaluation[] = plain.leaderboard.map(({ subject }) => ({
  subject,
  criteria: [
    { id: 'own', kind: 'technical', outcome: 'fail', reasons: reason('attention: derived against base') },
    { id: 'licence', kind: 'policy', outcome: 'not_provided', reasons: reason('no licence') },
    { id: 'data', kind: 'ethical', outcome: 'pass', reasons: reason('declared') },
  ],
}));

const evaluated = resultDocument({
  rules: { ...plain.rules, criteria },
  evaluations,
  supersedes: 'c'.repeat(64),
});

it('a terminal shows each criterion apart, failures first and with their reasons', () => {
  const text = renderTerminal(evaluated, { width: 100, colour: false, language: 'en' });
  expect(text).toContain('Criteria of the round');
  expect(text).toContain('FAIL: Own weights (technical): attention: derived against base');
  expect(text).toContain('undecided: Licence (policy): no licence');
  expect(text).toMatch(/pass: .*Data/);
  expect(text).not.toContain(ESCAPE);
  expect(text.indexOf('FAIL: Own')).toBeLessThan(text.indexOf('undecided: Licence'));
  const korean = renderTerminal(evaluated, { width: 100, colour: false, language: 'ko' });
  expect(korean).toContain('실패: 독자 가중치 (기술)');
  expect(renderTerminal(plain, { width: 100, colour: false })).not.toContain('Criteria');
});

it('a page shows them in both languages, and which result it supersedes', () => {
  const page = renderHtml(evaluated);
  expect(page).toContain('<section id="criteria">');
  expect(page).toContain('독자 가중치');
  expect(page).toContain('Own weights');
  expect(page).toContain('&lt;b&gt;Data');
  expect(page).not.toContain('<b>Data');
  expect(page).toContain('c'.repeat(64));
  expect(renderHtml(plain)).not.toContain('id="criteria"');
});
