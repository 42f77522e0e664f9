import type { TrainingSection, TrainingTest } from '@jokbo/contracts';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { renderTrajectory } from './render-trajectory.js';

const test = (edit: Partial<TrainingTest>): TrainingTest => ({
  test: 'path_smooth',
  outcome: 'pass',
  reason: null,
  figures: [
    { name: 'smallest_joint_z', value: 58.43, relation: 'at_least', limit: 20, at: 'step 200 to 400' },
    { name: 'largest_step_ratio', value: 0.7622645, relation: 'at_most', limit: 1, at: 'a.weight' },
    { name: 'smallest_cosine', value: 0.93, relation: null, limit: null, at: null },
  ],
  findings: [],
  findings_more: 0,
  ...edit,
});

const SECTION: TrainingSection = {
  subject: 'models/re\u202Elease',
  records: { training_json: true, checkpoints: 2, history_files: [], wandb_files: [], log_rows: 3 },
  points: [
    {
      step: 0,
      path: 'checkpoints/step-0',
      tokens: 0,
      eval_loss: null,
      fingerprint: 'f',
      start_z: null,
      start_r: null,
      start_share: null,
      previous_z: null,
      previous_cosine: null,
      previous_step_ratio: null,
      references: [{ reference: 'glm', joint_z: -1.5, primary_z: 0.4 }],
    },
  ],
  tests: [
    test({}),
    test({
      test: 'log_files_agree',
      outcome: 'fail',
      reason: 'rows_different',
      figures: [{ name: 'rows_different', value: 12, relation: 'at_most', limit: 0, at: null }],
      findings: Array.from({ length: 12 }, (_, index) => ({
        code: 'row-differs',
        at: `step ${index}`,
        value: index === 0 ? 'loss: \u001B[31m4' : null,
      })),
      findings_more: 30,
    }),
    test({
      test: 'compute_plausible',
      outcome: 'not_provided',
      reason: 'hardware-not-declared',
      figures: [],
    }),
  ],
  unreadable: [{ object: 'run.wandb', message: 'a frame is not what its checksum says at byte 7' }],
};

describe('renderTrajectory', () => {
  it('shows each test with the figure that decides it, its limit and where', () => {
    const text = renderTrajectory(SECTION, { width: 120, colour: false });
    expect(text).toMatch(/smooth path +pass +largest_step_ratio +0\.7623 +<= 1 +a\.weight/);
    expect(text).toMatch(/log files agree +FAIL +rows_different +12 +<= 0/);
    expect(text).toMatch(/compute plausible +not provided +hardware was not/);
    expect(text).toMatch(/^ +0 +\. +\. +\. +\. +\. +1\.50$/m);
  });

  it('lists what a failed test found, how many more there are, and what cannot be read', () => {
    const text = renderTrajectory(SECTION, { width: 120, colour: false });
    expect(text.match(/rows differ: /g)).toHaveLength(10);
    expect(text).toContain('32 more');
    expect(text).toContain('checksum says at byte 7');
  });

  it('makes control characters of records visible, and keeps to ASCII without colour', () => {
    const text = renderTrajectory(SECTION, { width: 120, colour: false });
    expect(text.match(/[^\n -~]/gu)).toBeNull();
    expect(text).toContain('re\\u{202e}lease');
    expect(text).toContain('\\u{1b}[31m4');
  });

  it.each(['en', 'ko'] as const)('fits a narrow terminal in %s', (language) => {
    const lines = renderTrajectory(SECTION, { width: 80, colour: false, language }).split('\n');
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(80);
    expect(lines.join('\n')).toContain(language === 'ko' ? '학습 기록' : 'Training records');
  });
});
