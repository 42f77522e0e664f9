import type { Criterion, RuleEvaluation, TrainingTest } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../../specs/result-document.js';
import { exportMarkdown } from './export-markdown.js';

const plain = resultDocument();
const test: TrainingTest = {
  test: 'checkpoint_digests',
  outcome: 'fail',
  reason: 'digest',
  figures: [],
  findings: [],
  findings_more: 0,
};

const RECORDS = { training_json: true, checkpoints: 0, history_files: [], wandb_files: [], log_rows: 0 };

describe('exportMarkdown', () => {
  it('is written in the language of the programme, or in another', () => {
    expect(exportMarkdown(plain)).toContain('# Lineage audit of released weights');
    expect(exportMarkdown(plain, 'ko')).toMatch(/^# [\p{Script=Hangul} ]+$/mu);
  });

  it('says until when teams may object, where the programme does', () => {
    const programme = { ...plain.programme, objections_until: '2026-02-28' };
    expect(exportMarkdown({ ...plain, programme })).toContain('teams may object until 2026-02-28');
    expect(exportMarkdown(plain)).not.toContain('teams may object');
  });

  it('has no criteria and no training records where there are none', () => {
    expect(exportMarkdown(plain)).not.toMatch(/Criteria of the round|Training records/);
  });

  it('says which criteria fail, and why', () => {
    const criterion: Criterion = {
      id: 'c',
      kind: 'technical',
      title: { ko: '가중치', en: 'Own *weights*' },
      test: 'declared_lineage',
    };
    const evaluations = plain.leaderboard.map(({ subject }, at): RuleEvaluation => {
      const reasons = at === 0 ? [{ code: 'x', records: [], text: 'head is [derived]' }] : [];
      return {
        subject,
        criteria: [{ id: 'c', kind: 'technical', outcome: at === 0 ? 'fail' : 'pass', reasons }],
      };
    });
    const document = { ...plain, rules: { ...plain.rules, criteria: [criterion] }, evaluations };
    const markdown = exportMarkdown(document);
    expect(markdown).toContain('- FAIL: Own \\*weights\\* (technical): head is \\[derived\\]');
    expect(markdown.match(/^- pass: Own/gm)).toHaveLength(plain.leaderboard.length - 1);
    expect(exportMarkdown(document, 'ko')).toContain(': 가중치 (');
  });

  it('says how training records did', () => {
    const section = { subject: 'dune', tests: [test], points: [], records: RECORDS, unreadable: [] };
    const markdown = exportMarkdown({ ...plain, training: [section] });
    expect(markdown).toMatch(/^Training records: .+\n\n- .+: FAIL \(digest\)$/m);
    expect(markdown.match(/Training records/g)).toHaveLength(1);
  });
});
