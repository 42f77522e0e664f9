import type { EvidenceRecord, RecoveredAlignment } from '@jokbo/contracts';
import { IN_PLACE, type AlignmentMap, type CalibratedStatistic } from '@jokbo/evidence';
import type { PairDisguise } from '@jokbo/verdict';

/** Folder of the maps below that of the report. */
const FOLDER = 'alignments';

/**
 * The alignments of a pair that lift a statistic above its controls and move something; one that merely was tried is no
 * finding.
 */
export function recoveredAlignments(
  disguise: PairDisguise,
  maps: readonly AlignmentMap[],
): RecoveredAlignment[] {
  const counting = statisticsOf(disguise).filter(({ counts }) => counts);
  return maps.flatMap(({ kind, name, digest }) => {
    if (name === IN_PLACE) return [];
    const records = counting
      .filter(({ record }) => record.details['alignment_digest'] === digest)
      .map(({ record }) => record.id);
    return records.length === 0 ? [] : [{ kind, name, digest, file: `${FOLDER}/${digest}.json`, records }];
  });
}

/** Tier 3 records with what their controls said; blocks stay where a statistic stands above them. */
export function withControlFigures(
  records: readonly EvidenceRecord[],
  disguise: PairDisguise,
): EvidenceRecord[] {
  const statistics = new Map(statisticsOf(disguise).map((statistic) => [statistic.record.id, statistic]));
  return records.map((record) => {
    const found = statistics.get(record.id);
    if (found === undefined) return record;
    const details = {
      ...record.details,
      role: found.role,
      z_adjusted: found.z,
      control_mean: found.mean,
      control_deviation: found.deviation,
      control_pairs: found.controls,
      control_pairs_alike: found.alike,
      control_pairs_pooled: found.pooled ? 1 : 0,
      above_controls: found.counts ? 1 : 0,
    };
    return { ...record, details, blocks: found.counts ? record.blocks : [] };
  });
}

function statisticsOf(disguise: PairDisguise): readonly CalibratedStatistic[] {
  return disguise === null || disguise === 'not_needed' ? [] : disguise;
}
