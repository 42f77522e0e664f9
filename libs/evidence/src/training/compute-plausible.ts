import type { TrainingTest } from '@jokbo/contracts';
import type { DeclaredHardware } from '@jokbo/models';
import { context, createFindings, judged, limited, notProvided } from './training-test.js';

/** Largest share of the peak that training of large models has reached; the best published runs are near 0.6. */
const MAX_UTILISATION = 0.7;

/** Least share: a run of one part in a thousand of its machines was no run of that model. */
const MIN_UTILISATION = 1e-3;

const SECONDS_PER_DAY = 86_400;

/** Dense BF16 peak of one accelerator in FLOP/s, from the makers' data sheets, by name in lower case. */
const PEAKS: ReadonlyMap<string, number> = new Map([
  ['a100', 312e12],
  ['h100', 989e12],
  ['h200', 989e12],
  ['h800', 989e12],
  ['b200', 2.25e15],
  ['mi250x', 383e12],
  ['mi300x', 1307e12],
  ['tpu v4', 275e12],
  ['tpu v5p', 459e12],
]);

export interface ComputeInputs {
  /** Parameters that one token passes through. */
  readonly activeParameters: number | null;
  readonly tokens: number | null;
  readonly hardware: DeclaredHardware | null;
  /** Time that the log itself spans. */
  readonly loggedSeconds: number | null;
}

/**
 * Whether the declared machines could do the declared training: 6·N_active·tokens FLOP (Kaplan et al. 2020, section
 * 2.1; forward 2N, backward 4N) over peak·count·time is the share of the peak that was used.
 */
export function computePlausible(inputs: ComputeInputs): TrainingTest {
  const { activeParameters, tokens, hardware, loggedSeconds } = inputs;
  const test = 'compute_plausible';
  const flops = activeParameters === null || tokens === null ? null : 6 * activeParameters * tokens;
  const about = [
    context('flops', flops),
    context('active_parameters', activeParameters),
    context('tokens', tokens),
    context('logged_seconds', loggedSeconds),
  ];
  if (flops === null) return notProvided(test, 'tokens-or-parameters-not-known', about);
  const peak = hardware?.peakFlops ?? PEAKS.get((hardware?.accelerator ?? '').toLowerCase()) ?? null;
  const seconds = hardware?.seconds ?? null;
  const count = hardware?.count ?? null;
  if (peak === null || seconds === null || count === null)
    return notProvided(test, 'hardware-not-declared', about);
  const utilisation = flops / (peak * count * seconds);
  return judged(
    test,
    [
      limited('utilisation', utilisation, 'at_most', MAX_UTILISATION),
      limited('utilisation_lower', utilisation, 'at_least', MIN_UTILISATION),
      // The log of a run cannot span more than the run.
      limited(
        'logged_over_declared_time',
        loggedSeconds === null ? null : loggedSeconds / seconds,
        'at_most',
        1.05,
      ),
      context('days_at_a_third_of_peak', flops / ((peak * count) / 3) / SECONDS_PER_DAY),
      ...about,
    ],
    createFindings(),
    'hardware-not-declared',
  );
}
