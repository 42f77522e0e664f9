import type { ResultDocument, TeamStatements } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { hostileDocument } from '../specs/hostile-document.js';
import { resultDocument } from '../specs/result-document.js';
import { schemaProblems } from '../specs/schema-problems.js';
import { componentRows } from './export/component-rows.js';
import { exportResult } from './export/export-result.js';
import { lookUp } from './document-lookup.js';
import { LANGUAGES, MESSAGES, translator } from './messages.js';
import { renderHtml } from './render-html.js';
import { renderSitePage } from './render-site-page.js';
import { statementScope, statementsOf, statementsOn } from './team-statements.js';

const plain = resultDocument();
const [pair, second] = plain.pairs;
if (pair === undefined || second === undefined) throw new Error('the example has no pairs');
const { subject, reference } = pair;
const [judged] = pair.verdict.components;
if (judged === undefined) throw new Error('the pair has no component');
const { component } = judged;

const STATED: TeamStatements = {
  subject,
  declared: [
    {
      from: reference,
      reference,
      components: [component],
      note: 'from the published checkpoint',
      date: '2026-01-05',
      author: 'Ms. Lee',
    },
    { from: 'a paper of 2023', reference: null, components: [], note: null, date: null, author: null },
  ],
  replies: [
    {
      reference,
      component,
      date: '2026-01-12',
      author: '김 팀장',
      text: 'Layers 0 to 3 only.\nAs announced.',
    },
    {
      reference: null,
      component: null,
      date: '2026-01-13',
      author: 'Ms. Lee',
      text: 'Logs are open to all.',
    },
  ],
};
const document: ResultDocument = { ...plain, statements: [STATED] };
const SAID = [
  'from the published checkpoint',
  'Layers 0 to 3 only.',
  'As announced.',
  'Logs are open to all.',
];
const SIGNED = ['2026-01-05', '2026-01-12', '2026-01-13', '김 팀장', 'Ms. Lee'];

const pageOf = (of: ResultDocument, view: Parameters<typeof renderSitePage>[1]): string =>
  renderSitePage(of, view, {
    language: 'ko',
    header: {
      digest: '0'.repeat(64),
      supersededBy: null,
      leaderboard: '/',
      runs: '/runs',
      running: '/running',
      draft: false,
      languages: { en: '/?lang=en', ko: '/?lang=ko' },
    },
    links: { pair: () => null, release: () => null },
    assets: { style: '/a.css', script: '/a.js' },
  }) ?? '';

describe('statements of a team', () => {
  it('are declared lineage first, then replies; to a pair belongs what is about it or about all', () => {
    expect(statementsOf(document, subject).map(({ kind }) => kind)).toEqual([
      'statement_declared',
      'statement_declared',
      'statement_reply',
      'statement_reply',
    ]);
    expect(statementsOn(document, subject, reference)).toHaveLength(3);
    expect(statementsOn(document, subject, second.reference)).toHaveLength(1);
    expect(statementsOf(document, second.subject === subject ? 'nobody' : second.subject)).toEqual([]);
  });

  it('say what they are about in both languages', () => {
    const { nameOf } = lookUp(document);
    for (const language of LANGUAGES) {
      const t = translator(language);
      const scopes = statementsOf(document, subject).map((one) => statementScope(one, t, nameOf, String));
      expect(scopes).toEqual([
        `${t(`component_${component}`)} × ${nameOf(reference)}`,
        `${t('statement_whole')} × a paper of 2023`,
        `${t(`component_${component}`)} × ${nameOf(reference)}`,
        `${t('statement_whole')} × ${t('statement_all')}`,
      ]);
    }
  });

  it('stand in the report, on the release page and on the pair page', () => {
    const release = pageOf(document, { kind: 'release', subject });
    const own = pageOf(document, { kind: 'pair', subject, reference });
    const other = pageOf(document, { kind: 'pair', subject, reference: second.reference });
    for (const markup of [renderHtml(document), release, own]) {
      for (const text of [...SAID, ...SIGNED]) expect(markup).toContain(text);
    }
    expect(release).toContain('a paper of 2023');
    expect(other).toContain('Logs are open to all.');
    expect(other).not.toContain('Layers 0 to 3 only.');
  });

  it('leave no trace where there are none', () => {
    const note = (markup: string) => markup.split('id="data"')[0]?.includes(MESSAGES.ko.statements_note);
    expect(note(pageOf(document, { kind: 'release', subject }))).toBe(true);
    expect(note(pageOf(plain, { kind: 'release', subject }))).toBe(false);
    expect(note(pageOf(plain, { kind: 'pair', subject, reference }))).toBe(false);
  });

  it('are in md, sarif and spdx, and counted in the tables', () => {
    const md = String(exportResult(document, 'md', { language: 'en' }));
    for (const text of [...SAID, ...SIGNED]) expect(md).toContain(text);
    expect(md).not.toContain('\nAs announced.');
    const { runs } = JSON.parse(String(exportResult(document, 'sarif'))) as {
      runs: { properties: { statements: TeamStatements | null } }[];
    };
    expect(runs.flatMap(({ properties: { statements } }) => statements ?? [])).toEqual([STATED]);
    const spdx = JSON.parse(String(exportResult(document, 'spdx'))) as {
      '@graph': { type: string; spdxId?: string; statement: string }[];
    };
    const stated = spdx['@graph'].filter((item) => item.spdxId?.endsWith('#statements-0') === true);
    expect(stated.map(({ statement }) => JSON.parse(statement) as unknown)).toEqual([STATED]);
    for (const format of ['sarif', 'spdx'] as const) {
      expect(schemaProblems(format, String(exportResult(document, format)))).toEqual([]);
    }
    const rows = componentRows(document).filter((row) => row.subject === subject);
    const counts = new Set(rows.map((row) => row.team_replies));
    expect([...counts].sort()).toEqual([1, 2]);
    expect(rows.filter((row) => row.team_replies === 2).map((row) => [row.reference, row.component])).toEqual(
      [[reference, component]],
    );
  });

  it('change no other figure of any form', () => {
    const found = (of: ResultDocument) =>
      componentRows(of).map((row) => ({ ...row, team_replies: null, result_sha256: null }));
    expect(found(document)).toEqual(found(plain));
  });
});

describe('hostile statements', () => {
  it('bring no element, attribute or direction of their own into a page', () => {
    const hostile = hostileDocument();
    const subjectOf = hostile.leaderboard[0]?.subject ?? '';
    const markup = pageOf(hostile, { kind: 'release', subject: subjectOf });
    expect(markup).toContain('<blockquote>');
    expect(markup).not.toMatch(/<script>alert|<img|javascript:alert\(1\)"/);
    expect(markup).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}]/u);
  });
});
