import type { TrainingFigure, TrainingTest, TrainingTestName, TrajectoryPoint } from '@jokbo/contracts';
import { formatDetail } from './numbers.js';

/** What a passed test is best shown by, where it is not the figure that comes nearest to its limit. */
const SHOWN: Readonly<Partial<Record<TrainingTestName, string>>> = {
  descends_from_step0: 'smallest_z',
  log_consistent: 'rows_missing',
  log_files_agree: 'rows_different',
  log_against_evaluation: 'largest_gap_share',
};

/**
 * The figure that a table shows of a test: the one that broke its limit, else the one that it is known by or that comes
 * nearest to its limit; null where none was measured.
 */
export function decidingFigure(test: TrainingTest): TrainingFigure | null {
  const deciding = test.figures.filter(({ value, limit }) => value !== null && limit !== null);
  const broken = test.outcome === 'fail' ? deciding.find(({ name }) => name === test.reason) : undefined;
  return (
    broken ??
    deciding.find(({ name }) => name === SHOWN[test.test]) ??
    deciding.reduce<TrainingFigure | null>(
      (nearest, figure) => (nearest !== null && nearness(figure) <= nearness(nearest) ? nearest : figure),
      null,
    )
  );
}

/** 1 at the limit, below it inside. */
function nearness({ value, limit, relation }: TrainingFigure): number {
  if (value === null || limit === null) return Number.NEGATIVE_INFINITY;
  if (relation === 'at_least') return value <= 0 ? 1 : limit / value;
  return limit === 0 ? Math.sign(value) : value / limit;
}

/** `>= 20`, `<= 4.92`; empty where there is none. */
export function limitText({ relation, limit }: TrainingFigure): string {
  if (limit === null) return '';
  return `${relation === 'at_least' ? '≥' : '≤'} ${formatDetail(limit) ?? ''}`;
}

/** Largest |z| of any reference at one checkpoint, joint or of a primary; null where none was measured. */
export function largestReferenceZ({ references }: TrajectoryPoint): number | null {
  const sizes = references.flatMap(({ joint_z: joint, primary_z: primary }) =>
    [joint, primary].flatMap((z) => (z === null ? [] : [Math.abs(z)])),
  );
  return sizes.length === 0 ? null : Math.max(...sizes);
}
