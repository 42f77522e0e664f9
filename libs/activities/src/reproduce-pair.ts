import { UsageError, type PairResult } from '@jokbo/contracts';
import { compareSources } from './compare-sources.js';
import { pairFigures } from './pair-figures.js';
import { parseReproduceCommand } from './reproduce-command.js';
import type { ReproduceOptions } from './reproduce-options.js';
import type { ReproducedFigure } from './reproduced-figure.js';

export interface ReproducePairOptions extends ReproduceOptions {
  readonly pair: PairResult;
}

/**
 * Measures a published pair again by what `jokbo compare` does, judges it by the published rules and λ, and holds every
 * figure of models, evidence, maps, controls and verdicts against the published one.
 *
 * @throws UsageError where the pair names no command that could be run.
 */
export async function reproducePair(options: ReproducePairOptions): Promise<ReproducedFigure[]> {
  const { document, pair, resolve } = options;
  const command = parseReproduceCommand(pair.reproduce);
  if (command === null) {
    throw new UsageError('the result names no command that measures this pair again', {
      value: pair.reproduce,
    });
  }
  const { workspace, progress, signal } = options;
  const comparison = await compareSources({
    subject: await resolve(command.subject),
    reference: await resolve(command.reference),
    controls: await Promise.all(command.controls.map(resolve)),
    requireTier3: document.rules.require_tier3,
    full: command.full === true || pair.mode === 'full',
    ...(command.features === undefined ? {} : { features: command.features }),
    calibration: document.calibration,
    thresholds: document.rules.thresholds,
    ...{ workspace, progress, signal },
  });
  return pairFigures(document, pair, comparison);
}
