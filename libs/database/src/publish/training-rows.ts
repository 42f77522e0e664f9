import type { TrainingSection } from '@jokbo/contracts';
import type { training, trainingPoint, trainingTest } from '../schema/tables.js';

export function trainingRow(
  runId: number,
  { subject, records, unreadable }: TrainingSection,
): typeof training.$inferInsert {
  return {
    runId,
    subject,
    trainingJson: records.training_json,
    checkpoints: records.checkpoints,
    historyFiles: [...records.history_files],
    wandbFiles: [...records.wandb_files],
    logRows: records.log_rows,
    unreadable,
  };
}

export function trainingTestRows(
  runId: number,
  { subject, tests }: TrainingSection,
): (typeof trainingTest.$inferInsert)[] {
  return tests.map(({ test, outcome, reason, figures, findings, findings_more }, index) => ({
    runId,
    subject,
    test,
    position: index + 1,
    outcome,
    reason,
    figures,
    findings,
    findingsMore: findings_more,
  }));
}

export function trainingPointRows(
  runId: number,
  { subject, points }: TrainingSection,
): (typeof trainingPoint.$inferInsert)[] {
  return points.map((point, index) => ({
    runId,
    subject,
    position: index + 1,
    step: point.step,
    path: point.path,
    tokens: point.tokens,
    evalLoss: point.eval_loss,
    fingerprint: point.fingerprint,
    startZ: point.start_z,
    startR: point.start_r,
    startShare: point.start_share,
    previousZ: point.previous_z,
    previousCosine: point.previous_cosine,
    previousStepRatio: point.previous_step_ratio,
    references: point.references,
  }));
}
