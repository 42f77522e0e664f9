import { COMPONENTS, type Calibration, type Component, type EvidenceRecord } from '@jokbo/contracts';
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

/** z of the calibration pairs of one kind of statistic and width. */
interface CalibrationGroup {
  readonly kind: StatisticKind;
  readonly width: number;
  readonly found: { readonly component: Component; readonly pair: string; readonly z: number }[];
}

/**
 * Variance inflation per kind of statistic and width, pooled over components: λ = median(z²)/.4549 (Devlin and
 * Roeder 1999) over pairs of documented-independent references under the identity map. Beside it λ of each component
 * by itself, for readers: from 28 pairs it is known to a factor of two at best, so no verdict uses it.
 *
 * @param pairs reference × reference pairs of different families, one representative per family; components whose
 *   widths differ between the two do not count.
 */
export function calibrate(
  pairs: readonly MeasuredPair[],
  models: ReadonlyMap<string, MeasuredModel>,
): Calibration[] {
  const groups = new Map<string, CalibrationGroup>();
  for (const pair of pairs) {
    for (const record of pair.records) {
      const { component } = record;
      const kind = statisticKind(record.method);
      const width = models.get(pair.subject)?.components[component]?.width ?? null;
      const z = calibrationZ(record);
      const sameWidth = models.get(pair.reference)?.components[component]?.width === width;
      if (kind === null || width === null || z === null || !sameWidth) continue;
      const key = `${kind}|${width}`;
      const group = groups.get(key) ?? { kind, width, found: [] };
      group.found.push({ component, pair: `${pair.subject}|${pair.reference}`, z });
      groups.set(key, group);
    }
  }
  return [...groups.values()]
    .sort((a, b) => a.width - b.width || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind))
    .map(({ kind, width, found }) => {
      const pooled = inflation(found);
      return {
        statistic: kind,
        width,
        ...pooled,
        lambda: pooled.lambda ?? UNCALIBRATED_LAMBDA,
        calibrated: pooled.pairs >= MIN_CALIBRATION_PAIRS,
        components: COMPONENTS.flatMap((component) => {
          const own = found.filter((one) => one.component === component);
          return own.length === 0 ? [] : [{ component, ...inflation(own) }];
        }),
      };
    });
}

function inflation(found: CalibrationGroup['found']): {
  readonly lambda: number | null;
  readonly pairs: number;
  readonly z: readonly number[];
} {
  const z = found.map((one) => one.z).sort((a, b) => a - b);
  const pairs = new Set(found.map(({ pair }) => pair)).size;
  return { lambda: pairs >= MIN_CALIBRATION_PAIRS ? lambdaFromZ(z) : null, pairs, z };
}

/** Kinds of statistic that verdicts took the default λ for, by width: too few independent references have it. */
export interface UncalibratedWidth {
  readonly width: number | null;
  readonly statistics: readonly StatisticKind[];
}

/** For which widths and statistics the primaries of these pairs could not be calibrated, by width. */
export function uncalibratedWidths(
  pairs: readonly MeasuredPair[],
  models: ReadonlyMap<string, MeasuredModel>,
  calibration: readonly Calibration[],
): UncalibratedWidth[] {
  const found = new Map<number | null, Set<StatisticKind>>();
  for (const { subject, records } of pairs) {
    for (const record of records) {
      const kind = statisticKind(record.method);
      if (kind === null || !record.primary || record.z === null || isPermutationQuantile(record)) continue;
      const width = models.get(subject)?.components[record.component]?.width ?? null;
      if (lambdaFor(calibration, kind, width).calibrated) continue;
      found.set(width, (found.get(width) ?? new Set()).add(kind));
    }
  }
  return [...found]
    .sort(([a], [b]) => (a ?? 0) - (b ?? 0))
    .map(([width, kinds]) => ({ width, statistics: KINDS.filter((kind) => kinds.has(kind)) }));
}

/** A permutation quantile already has the tail that λ corrects for. */
function isPermutationQuantile(record: EvidenceRecord): boolean {
  return detail(record, 'permutation_p') !== null && record.method === 'residual_gram';
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
  if (kind === null || isPermutationQuantile(record)) return 1;
  return lambdaFor(calibration, kind, model?.components[component]?.width ?? null).lambda;
}
