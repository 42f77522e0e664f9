import type { TrainingTest } from '@jokbo/contracts';
import type { TrainingLog } from '@jokbo/models';
import { effectiveSteps, lastAtMost, type EffectiveSteps } from './effective-steps.js';
import { context, createFindings, judged, largest, limited, notProvided, smallest } from './training-test.js';

/** Rows on either side of a checkpoint whose line gives the training loss there. */
const WINDOW_ROWS = 20;

/** Fewest rows of a line with an error. */
const MIN_ROWS = 4;

/**
 * Largest difference of evaluation and training loss, as share of the loss of a uniform guess, ln V: another text has
 * another loss, but not of another scale.
 */
const MAX_GAP_SHARE = 0.1;

/** Fall of the evaluation loss over that of the training loss from first to last checkpoint. */
const MIN_FALL_RATIO = 0.75;
const MAX_FALL_RATIO = 1.25;

/** Loss of a start that knows nothing, as share of ln V: random logits only add to it. */
const MIN_START_SHARE = 0.99;

/** Least noise of a training loss, so that a log without any is not divided by. */
const LEAST_NOISE = 1e-6;

/** Rise between neighbouring checkpoints that noise explains, in standard deviations of the training loss there. */
const NOISE = 3;

export interface EvaluationInputs {
  readonly log: TrainingLog | null;
  readonly evaluations: readonly { readonly step: number; readonly loss: number | null }[];
  /** Rows of the embedding; null = not known. */
  readonly vocabulary: number | null;
}

interface Point {
  readonly step: number;
  readonly evaluation: number;
  readonly training: number;
  readonly noise: number;
}

/**
 * The logged loss against the evaluation losses that the team supplies for its checkpoints: at every checkpoint both
 * are near, from first to last both fall by the same, the evaluation loss does not rise beyond noise, and a start that
 * knows nothing has at least the loss of a uniform guess. The training loss at a checkpoint is a line through the rows
 * around it.
 */
export function logAgainstEvaluation({ log, evaluations, vocabulary }: EvaluationInputs): TrainingTest {
  const test = 'log_against_evaluation';
  const supplied = evaluations.filter(({ loss }) => loss !== null);
  if (supplied.length === 0) return notProvided(test, 'evaluation-losses-not-supplied');
  if (log === null || log.rows === 0) return notProvided(test, 'log-absent');
  const effective = effectiveSteps(log);
  const points = supplied.flatMap(({ step, loss }): Point[] => {
    const line = loss === null ? null : trainingLoss(log, effective, step);
    return loss === null || line === null ? [] : [{ step, evaluation: loss, ...line }];
  });
  const uniform = vocabulary === null ? null : Math.log(vocabulary);
  const gap = largest();
  const rise = largest();
  const findings = createFindings();
  points.forEach((point, index) => {
    const at = `step ${point.step}`;
    const own = Math.abs(point.evaluation - point.training);
    gap.add(uniform === null ? own / Math.max(...points.map(({ training }) => training)) : own / uniform, at);
    const before = points[index - 1];
    if (before !== undefined)
      rise.add((point.evaluation - before.evaluation) / Math.max(point.noise, before.noise), at);
    findings.add('training-loss', at, point.training);
  });
  const [first, last] = [points[0], points.at(-1)];
  const fall =
    first === undefined || last === undefined || first === last || first.training === last.training
      ? null
      : (first.evaluation - last.evaluation) / (first.training - last.training);
  const start = smallest();
  const start0 = supplied.find(({ step }) => step === 0)?.loss ?? null;
  if (uniform !== null && start0 !== null) start.add(start0 / uniform, 'evaluation at step 0');
  if (uniform !== null && effective.steps[0] === 0) {
    start.add((log.columns.loss[effective.rows[0] ?? 0] ?? Number.NaN) / uniform, 'first row');
  }
  return judged(
    test,
    [
      limited('largest_gap_share', gap.value, 'at_most', MAX_GAP_SHARE, gap.at),
      limited('largest_rise_in_noise', rise.value, 'at_most', NOISE, rise.at),
      limited('fall_ratio', fall, 'at_least', MIN_FALL_RATIO),
      limited('fall_ratio_upper', fall, 'at_most', MAX_FALL_RATIO),
      limited('start_share_of_uniform', start.value, 'at_least', MIN_START_SHARE, start.at),
      context('checkpoints', points.length),
    ],
    findings,
    'no-checkpoint-in-the-log',
  );
}

/** Least-squares line through the rows within {@link WINDOW_ROWS} of a checkpoint, at the step before it. */
function trainingLoss(
  log: TrainingLog,
  { rows, steps }: EffectiveSteps,
  step: number,
): { readonly training: number; readonly noise: number } | null {
  const middle = lastAtMost(steps, step - 0.5);
  const from = Math.max(0, middle - WINDOW_ROWS + 1);
  const to = Math.min(steps.length, middle + 1 + WINDOW_ROWS);
  const points: (readonly [x: number, y: number])[] = [];
  for (let index = from; index < to; index += 1) {
    const loss = log.columns.loss[rows[index] ?? 0] ?? Number.NaN;
    if (Number.isFinite(loss)) points.push([(steps[index] ?? Number.NaN) - (step - 0.5), loss]);
  }
  // A checkpoint beyond the end of the log has rows on neither side.
  const nearest = Math.min(...points.map(([x]) => Math.abs(x)));
  const [firstX = 0] = points[0] ?? [];
  const [lastX = 0] = points.at(-1) ?? [];
  if (points.length < MIN_ROWS || nearest > lastX - firstX) return null;
  const mean = (pick: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [mx, my] = [mean(([x]) => x), mean(([, y]) => y)];
  const sxx = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  const sxy = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  const slope = sxx > 0 ? sxy / sxx : 0;
  const residual = points.reduce((sum, [x, y]) => sum + (y - my - slope * (x - mx)) ** 2, 0);
  return {
    training: my - slope * mx,
    noise: Math.max(LEAST_NOISE, Math.sqrt(residual / (points.length - 2))),
  };
}
