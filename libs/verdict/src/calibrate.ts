import type { Calibration, Component, EvidenceRecord } from '@jokbo/contracts';
import { lambdaFromZ } from '@jokbo/statistics';
import {
  detail,
  statisticKind,
  type MeasuredModel,
  type MeasuredPair,
  type StatisticKind,
} from './measurements.js';

/** Independent pairs below which λ is not estimated. */
export const MIN_CALIBRATION_PAIRS = 20;

/** λ where there are fewer pairs: above every λ of an exact statistic that was measured. */
export const UNCALIBRATED_LAMBDA = 1.5;

const KINDS: readonly StatisticKind[] = ['trace', 'gram', 'hidden', 'value'];

/**
 * Variance inflation per kind of statistic and width, pooled over components: λ = median(z²)/.4549 (Devlin and
 * Roeder 1999) over pairs of documented-independent references under the identity map.
 *
 * @param pairs reference × reference pairs of different families, one representative per family; components whose
 *   widths differ between the two do not count.
 */
export function calibrate(
  pairs: readonly MeasuredPair[],
  models: ReadonlyMap<string, MeasuredModel>,
): Calibration[] {
  const groups = new Map<string, { kind: StatisticKind; width: number; z: number[]; pairs: Set<string> }>();
  for (const pair of pairs) {
    for (const record of pair.records) {
      const kind = statisticKind(record.method);
      const width = models.get(pair.subject)?.components[record.component]?.width ?? null;
      const z = calibrationZ(record);
      const sameWidth = models.get(pair.reference)?.components[record.component]?.width === width;
      if (kind === null || width === null || z === null || !sameWidth) continue;
      const key = `${kind}|${width}`;
      const group = groups.get(key) ?? { kind, width, z: [], pairs: new Set<string>() };
      group.z.push(z);
      group.pairs.add(`${pair.subject}|${pair.reference}`);
      groups.set(key, group);
    }
  }
  return [...groups.values()]
    .sort((a, b) => a.width - b.width || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind))
    .map(({ kind, width, z, pairs: counted }) => {
      const calibrated = counted.size >= MIN_CALIBRATION_PAIRS;
      return {
        statistic: kind,
        width,
        lambda: (calibrated ? lambdaFromZ(z) : null) ?? UNCALIBRATED_LAMBDA,
        calibrated,
        pairs: counted.size,
        z: [...z].sort((a, b) => a - b),
      };
    });
}

/** The closed-form z: quantiles of permutations have no inflation to measure. */
function calibrationZ(record: EvidenceRecord): number | null {
  if (!record.primary || record.status !== 'measured') return null;
  return detail(record, 'closed_form_z') ?? record.z;
}

/** λ of one statistic at one width: estimated, or the default of an uncalibrated one. */
export function lambdaFor(
  calibration: readonly Calibration[],
  kind: StatisticKind,
  width: number | null,
): { lambda: number; calibrated: boolean } {
  const found = calibration.find(
    (entry) => entry.statistic === kind && entry.width === width && entry.calibrated,
  );
  return found === undefined
    ? { lambda: UNCALIBRATED_LAMBDA, calibrated: false }
    : { lambda: found.lambda, calibrated: true };
}

/** λ of a record of one component of one model. */
export function recordLambda(
  calibration: readonly Calibration[],
  record: EvidenceRecord,
  model: MeasuredModel | undefined,
): number {
  const component: Component = record.component;
  const kind = statisticKind(record.method);
  // A permutation quantile already has the tail that λ corrects for.
  if (kind === null || (detail(record, 'permutation_p') !== null && record.method === 'residual_gram'))
    return 1;
  return lambdaFor(calibration, kind, model?.components[component]?.width ?? null).lambda;
}
