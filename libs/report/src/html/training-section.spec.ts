import type { TrainingSection } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../../specs/result-document.js';
import { tagProblems } from '../../specs/tag-problems.js';
import { withoutScripts } from '../../specs/unpack-report.js';
import { renderHtml } from '../render-html.js';
import { renderTerminal } from '../render-terminal.js';

const HOSTILE = '<script>alert(1)</script>\u202E"\'&';
const subject = resultDocument().leaderboard[0]?.subject ?? '';

const section: TrainingSection = {
  subject,
  records: { training_json: true, checkpoints: 1, history_files: [HOSTILE], wandb_files: [], log_rows: null },
  points: [
    {
      step: 200,
      path: HOSTILE,
      tokens: null,
      eval_loss: null,
      fingerprint: 'f',
      start_z: 116.36,
      start_r: 0.4,
      start_share: 0.975,
      previous_z: null,
      previous_cosine: null,
      previous_step_ratio: null,
      references: [],
    },
  ],
  tests: [
    {
      test: 'log_files_agree',
      outcome: 'fail',
      reason: 'rows_different',
      figures: [{ name: 'rows_different', value: 3, relation: 'at_most', limit: 0, at: HOSTILE }],
      findings: [{ code: 'row-differs', at: HOSTILE, value: HOSTILE }],
      findings_more: 2,
    },
    {
      test: 'references_flat',
      outcome: 'not_provided',
      reason: 'no reference was given',
      figures: [],
      findings: [],
      findings_more: 0,
    },
  ],
  unreadable: [{ object: null, message: HOSTILE }],
  reproduce: `jokbo trajectory teams/a --training ${HOSTILE}`,
};

describe('the training section of the page', () => {
  const page = renderHtml(resultDocument({ training: [section] }));

  it('shows tests, path and findings in both languages', () => {
    expect(page).toContain('<section id="training">');
    for (const shown of [
      'log files agree',
      '로그 파일 간 일치',
      'FAIL',
      '실패',
      'rows_different',
      '116.36',
      '0.9750',
      'no reference was given',
    ]) {
      expect(page, shown).toContain(shown);
    }
  });

  it('writes records as text, and what was not measured as that', () => {
    expect(tagProblems(page)).toEqual([]);
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;\\u{202e}');
    expect(withoutScripts(page)).not.toMatch(/undefined|NaN|\[object/);
  });

  it('separates what is found, with nothing before a separator', () => {
    const lists = /<details>.*?<\/details>/s.exec(page)?.[0].replace(/<[^>]*>|\s+/g, ' ') ?? '';
    expect(lists).toMatch(/\d ?; /);
    expect(lists.replace(/ +/g, ' ')).not.toMatch(/ ; |; $/);
  });

  it('stands under the name of the release, in a terminal too', () => {
    const release = resultDocument().leaderboard[0]?.release ?? '';
    expect(release).not.toBe(subject);
    const terminal = renderTerminal(resultDocument({ training: [section] }), { width: 100, colour: false });
    expect(terminal).toContain(`Training records: ${release}`);
  });

  it('is absent where no release has records', () => {
    expect(renderHtml(resultDocument())).not.toContain('id="training"');
  });
});
