import type { ResultDocument } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../specs/result-document.js';
import { schemaProblems } from '../specs/schema-problems.js';
import { exportCsv } from './export/export-csv.js';
import { exportMarkdown } from './export/export-markdown.js';
import { exportSpdx } from './export/export-spdx.js';
import { exportSarif } from './export/export-sarif.js';
import { renderHtml } from './render-html.js';
import { renderTerminal } from './render-terminal.js';

const whole = resultDocument();
const [first, ...others] = whole.leaderboard;
const [pair] = whole.pairs;
if (first === undefined || pair === undefined) throw new TypeError('the document has rows');
const cause = { code: 'MalformedCheckpoint', rule: 'header', object: null, tensor: null };

/** A release that could not be read, and a reference. */
const partial: ResultDocument = {
  ...whole,
  leaderboard: [
    first,
    ...others,
    {
      ...first,
      subject: 'unread',
      release: 'Unread',
      outcome: 'not_comparable',
      nearest: null,
      components: [],
    },
  ],
  pairs: [
    ...whole.pairs,
    {
      ...{ ...pair, reference: 'gone', evidence: [], maps: [] },
      verdict: {
        ...pair.verdict,
        reference: 'gone',
        verdict: 'not_comparable',
        controls: [],
        components: [],
      },
    },
  ],
  failures: {
    models: [
      { id: 'unread', name: 'Unread', role: 'subject', team: 'T', ...cause, message: 'cut <b>\u001b[31m' },
      { id: 'gone', name: 'Gone base', role: 'reference', team: null, ...cause, message: 'no header' },
    ],
    comparisons: [
      {
        ...{ kind: 'int8', subject: first.subject, reference: first.subject, mode: 'sampled' },
        ...{ ...cause, code: 'ObjectChanged', rule: null, message: 'another version' },
      },
      {
        ...{ kind: 'audit', subject: first.subject, reference: pair.reference, mode: 'full' },
        ...{
          component: 'attention',
          ...cause,
          code: 'TimeoutFailure',
          rule: null,
          message: 'nobody was left',
        },
      },
    ],
    training: [
      { subject: first.subject, ...cause, code: 'AccessDenied', rule: null, message: 'no <b>key</b>' },
    ],
  },
};

describe('what failed of an audit', () => {
  it('stands in the report for terminals, beside each release that it bears on and as a whole', () => {
    const text = renderTerminal(partial, { width: 200, colour: false, language: 'en' });
    expect(text).toContain('Not read, not compared');
    expect(text).toContain(
      'Unread (release under audit) could not be read: MalformedCheckpoint: cut <b>\\u{1b}[31m',
    );
    expect(text).toContain(
      'The release could not be read, so nothing of it was compared: MalformedCheckpoint',
    );
    expect(text).toContain(
      'Not compared with Gone base, which could not be read: MalformedCheckpoint: no header',
    );
    expect(text).toMatch(/Comparison int8 of .* failed: ObjectChanged: another version/);
    expect(text).toMatch(
      /The attention of .* could not be compared with .*: TimeoutFailure: nobody was left/,
    );
    expect(text).toMatch(/Training records of .* could not be tested: AccessDenied: no <b>key<\/b>/);
    expect(text.match(/\[incomplete\]/g)).toHaveLength(partial.leaderboard.length);
    expect(text).not.toContain('\u001b');
    const none = renderTerminal(whole, { width: 200, colour: false, language: 'en' });
    expect(none).not.toMatch(/Not read|incomplete/);
  });

  it('stands in HTML and Markdown, safe in both', () => {
    const page = renderHtml(partial, { language: 'en' });
    expect(page).toContain('Not read, not compared');
    expect(page).toContain('cut &lt;b&gt;');
    expect(page).toContain('could not be tested: AccessDenied: no &lt;b&gt;key');
    expect(page).toContain('data-m="incomplete"');
    expect(renderHtml(whole, { language: 'en' })).not.toContain('data-m="incomplete"');
    const markdown = exportMarkdown(partial, 'ko');
    expect(markdown).toContain('## 읽거나 비교하지 못한 것');
    expect(markdown).toContain('(불완전)');
    expect(markdown).not.toContain('<b>');
  });

  it('makes runs of SARIF unsuccessful, that of a release that could not be read too', () => {
    const text = exportSarif(partial);
    expect(schemaProblems('sarif', text)).toEqual([]);
    const { runs } = JSON.parse(text) as {
      runs: {
        automationDetails: { id: string };
        results: unknown[];
        invocations?: { executionSuccessful: boolean }[];
      }[];
    };
    expect(runs.map(({ invocations }) => invocations?.[0]?.executionSuccessful)).toEqual(
      runs.map(() => false),
    );
    expect(runs.at(-1)).toMatchObject({ automationDetails: { id: 'jokbo/unread/' }, results: [] });
    expect(exportSarif(whole)).not.toContain('invocations');
  });

  it('leaves SPDX valid, without a package of what could not be read', () => {
    const text = exportSpdx(partial);
    expect(schemaProblems('spdx', text)).toEqual([]);
    expect(text).not.toContain('Unread');
  });

  it('is a row of CSV for a release that could not be read', () => {
    const [last] = exportCsv(partial).trimEnd().split('\r\n').slice(-1);
    expect(last).toContain(',unread,Unread,T,,,,,not_comparable,');
    expect(last).toContain('release-failed');
  });
});
