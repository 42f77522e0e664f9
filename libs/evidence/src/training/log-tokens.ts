import type { TrainingFigure } from '@jokbo/contracts';
import type { TrainingLog, TrainingRecord } from '@jokbo/models';
import { lastAtMost, type EffectiveSteps } from './effective-steps.js';
import { largest, limited, type Findings } from './training-test.js';

/**
 * Tokens of a log: rising from row to row, steps times the declared batch throughout, and at checkpoints and at the end
 * what training.json says, within one logged step.
 */
export function tokenFigures(
  log: TrainingLog,
  { rows, steps, stride }: EffectiveSteps,
  record: TrainingRecord | null,
  findings: Findings,
): readonly TrainingFigure[] {
  if (log.names.tokens === null) return [];
  const tokens = Float64Array.from(rows, (row) => log.columns.tokens[row] ?? Number.NaN);
  let highest = Number.NEGATIVE_INFINITY;
  let falling = 0;
  let offBatch = 0;
  const batch = record?.batchTokens ?? null;
  const first = tokens.findIndex((count) => !Number.isNaN(count));
  const offset = batch === null ? 0 : (tokens[first] ?? Number.NaN) - (steps[first] ?? Number.NaN) * batch;
  for (let index = 0; index < tokens.length; index += 1) {
    const own = tokens[index] ?? Number.NaN;
    if (Number.isNaN(own)) continue;
    if (own <= highest) {
      falling += 1;
      findings.add('tokens-do-not-rise', `step ${steps[index] ?? ''}`, own);
    }
    highest = Math.max(highest, own);
    if (batch === null || own === (steps[index] ?? Number.NaN) * batch + offset) continue;
    offBatch += 1;
    findings.add('tokens-off-batch', `step ${steps[index] ?? ''}`, own);
  }
  const total = record?.totalTokens ?? null;
  const end = tokens.at(-1) ?? null;
  const off = largest();
  for (const { step, tokens: declared } of record?.checkpoints ?? []) {
    const at = lastAtMost(steps, step - 1);
    if (declared === null || step === 0 || at < 0) continue;
    off.add(Math.abs((tokens[at] ?? Number.NaN) - declared), `step ${step}`);
  }
  // A log counts the tokens before or after the step that it logs, and may log every so many steps.
  const slack = (batch ?? Number.POSITIVE_INFINITY) * stride;
  return [
    limited('tokens_not_rising', falling, 'at_most', 0),
    limited('rows_off_batch', batch === null ? null : offBatch, 'at_most', 0),
    ...(Number.isFinite(slack)
      ? [
          limited('first_tokens', Math.abs(offset), 'at_most', slack),
          limited(
            'tokens_off_total',
            total === null || end === null ? null : Math.abs(total - end),
            'at_most',
            slack,
          ),
          limited('tokens_off_checkpoint', off.value, 'at_most', slack, off.at),
        ]
      : []),
  ];
}
