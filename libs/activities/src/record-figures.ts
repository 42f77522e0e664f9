import type { EvidenceRecord } from '@jokbo/contracts';
import { objectFigures, paired, type ReproducedFigure } from './reproduced-figure.js';

/** Details that say what other models of the audit have, or how a statistic stands among all control pairs of it. */
const OF_OTHER_MODELS = /^(baseline_.*|control_.*|above_controls|z_adjusted|role)$/;

/** Holds records of one kind of evidence against those that were measured again. */
export function recordFigures(
  published: readonly EvidenceRecord[],
  measured: readonly EvidenceRecord[],
): ReproducedFigure[] {
  const nameOf = ({ component, method, mode }: EvidenceRecord): string => `${component} ${method} ${mode}`;
  return paired(published, measured, nameOf).flatMap(([record, other]) => {
    const { component, method } = record ?? other;
    const place = { component, record: record?.id ?? null, of: method };
    // Blocks of tier 3 are published where it stands above its controls.
    const hasBlocks = record?.details['above_controls'] === other?.details['above_controls'];
    return [
      ...objectFigures(place, record, other, (key) => key === 'details' || (key === 'blocks' && !hasBlocks)),
      ...objectFigures(place, record?.details, other?.details, (key) => OF_OTHER_MODELS.test(key)),
    ];
  });
}
