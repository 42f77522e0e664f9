import type { EvidenceRecord, Method } from '@jokbo/contracts';
import { adjustedZ } from '@jokbo/statistics';

/** z of a statistic under a learned alignment, beside its controls, from which it counts. */
export const ALIGNED_Z = 8;

/** r below which aligned evidence never counts: an independent pair reached z 8.4 at r .006. */
export const ALIGNED_R = 0.2;

/** log10 of the bound on p that fixed points must keep below besides. */
const FIXED_POINTS_LOG10_BOUND = -9;

/** |z| and |r| of a tier-1 statistic by which a control is linked to the subject. */
const LINK_Z = 8;
const LINK_R = 1e-3;

/** Statistics of one recipe: where one of them lacks controls, those of all are pooled. */
const RECIPES: readonly (readonly Method[])[] = [
  ['residual_permutation', 'hidden_matching'],
  ['residual_rotation', 'rotated_hidden', 'head_matching'],
  ['token_matching', 'token_fixed_points'],
];

/** Statistics of tensors that the alignment did not see: they count as tier 1 once they stand above their controls. */
const ALIGNED: readonly Method[] = RECIPES.flat();

/** Families of fingerprints without a null of their own: two that agree speak for a common origin. */
const FAMILIES: readonly Method[] = ['awm', 'mdir', 'huref'];

/** An independent pair that was measured alike. */
export interface ControlPair {
  readonly name: string;
  /** Whether the two are documented to have learned the same data, or to share a tokenizer. */
  readonly alike: boolean;
  /** Tier 3 of the pair. */
  readonly records: readonly EvidenceRecord[];
  /** Primaries of the pair, and of its models against the subject. */
  readonly tier1: readonly EvidenceRecord[];
}

/** A control that was not used, and why. */
export interface DroppedControl {
  readonly name: string;
  readonly reason: 'linked-by-tier-1' | 'tier-1-not-measured';
  /** The primary that links it. */
  readonly record: string | null;
}

/** One statistic beside its controls. */
export interface CalibratedStatistic {
  readonly record: EvidenceRecord;
  /** `aligned` evidence may count as tier 1, a `family` towards a common origin, `context` never. */
  readonly role: 'aligned' | 'family' | 'context';
  /** (z − μ0)/(s0·√(1 + 1/n_c)); null where there are too few controls: uncalibrated, not clean. */
  readonly z: number | null;
  readonly mean: number | null;
  /** s0, at least 1. */
  readonly deviation: number | null;
  readonly controls: number;
  /** Those of them whose models share data or tokenizer. */
  readonly alike: number;
  /** Controls of all statistics of the recipe, for want of its own. */
  readonly pooled: boolean;
  readonly counts: boolean;
}

export interface DisguiseCalibration {
  readonly statistics: readonly CalibratedStatistic[];
  readonly dropped: readonly DroppedControl[];
}

/**
 * Holds tier 3 of one pair against independent control pairs that were treated alike, of the same two residual widths:
 * z_adj = (z − μ0)/(s0·√(1 + 1/n_c)), s0 ≥ 1, n_c ≥ 5, else the statistics of one recipe are pooled. The null of a
 * learned alignment is not exact, since independent models that learned the same data share features; published
 * thresholds come from other widths and data. A control that a primary links is dropped and named. Families react to
 * data in common as strongly as to weights in common (AWM .46, HuRef .54 between seeds of one model), so they count only
 * where such pairs are among their controls, and above the highest of these by the same margin over the spread of the
 * rest: among many controls, a single such pair would hardly widen the whole.
 */
export function calibrateDisguise(
  records: readonly EvidenceRecord[],
  controls: readonly ControlPair[],
): DisguiseCalibration {
  const dropped = controls.flatMap((control) => droppedControl(control) ?? []);
  const names = new Set(dropped.map(({ name }) => name));
  const measured = controls
    .filter(({ name }) => !names.has(name))
    .flatMap(({ records: own, alike }) => own.filter(isMeasured).map((record) => ({ ...record, alike })));
  const statistics = records.filter(isMeasured).map((record) => calibrated(record, measured));
  return { statistics, dropped };
}

interface Measured extends EvidenceRecord {
  readonly z: number;
}

function isMeasured(record: EvidenceRecord): record is Measured {
  return record.tier === 3 && record.status === 'measured' && record.z !== null;
}

function droppedControl({ name, tier1 }: ControlPair): DroppedControl | null {
  // Documented as independent: a primary that does not apply links nothing, but one that nobody ran may have.
  const primaries = tier1.filter(({ primary }) => primary);
  if (primaries.length === 0) return { name, reason: 'tier-1-not-measured', record: null };
  const link = primaries.find(({ z, r }) => Math.abs(z ?? 0) >= LINK_Z && Math.abs(r ?? 0) >= LINK_R);
  return link === undefined ? null : { name, reason: 'linked-by-tier-1', record: link.id };
}

/** A control's statistic. */
interface Control extends Measured {
  readonly alike: boolean;
}

function calibrated(record: Measured, controls: readonly Control[]): CalibratedStatistic {
  const fitting = controls.filter((control) => haveSameWidths(control, record));
  const own = fitting.filter(
    ({ method, component }) => method === record.method && component === record.component,
  );
  const recipe = RECIPES.find((methods) => methods.includes(record.method)) ?? [record.method];
  const all = fitting.filter((control) => recipe.includes(control.method) && roleOf(control) !== 'context');
  const byOwn = adjustedZ(
    record.z,
    own.map(({ z }) => z),
  );
  const adjusted =
    byOwn ??
    adjustedZ(
      record.z,
      all.map(({ z }) => z),
    );
  const role = roleOf(record);
  const used = byOwn === null ? all : own;
  const above = (adjusted?.z ?? -Infinity) >= ALIGNED_Z && (record.r ?? 0) >= ALIGNED_R;
  return {
    record,
    role,
    z: adjusted?.z ?? null,
    mean: adjusted?.mean ?? null,
    deviation: adjusted?.deviation ?? null,
    controls: adjusted?.controls ?? own.length,
    alike: used.filter((control) => control.alike).length,
    pooled: byOwn === null && adjusted !== null,
    counts:
      role !== 'context' && (role !== 'family' || aboveAlike(record, used)) && above && boundHolds(record),
  };
}

/** Whether a family stands above every control that shares data or tokenizer; false where there is none. */
function aboveAlike(record: Measured, controls: readonly Control[]): boolean {
  const alike = controls.filter((control) => control.alike).map(({ z }) => z);
  if (alike.length === 0) return false;
  const others = controls.filter((control) => !control.alike).map(({ z }) => z);
  const spread = adjustedZ(record.z, others)?.deviation ?? 1;
  return record.z - Math.max(...alike) >= ALIGNED_Z * spread;
}

/** Outlier dimensions of norms are those of the embedding in any model, so that they follow any alignment. */
function roleOf({ method, component }: EvidenceRecord): CalibratedStatistic['role'] {
  if (FAMILIES.includes(method)) return 'family';
  return ALIGNED.includes(method) && component !== 'norms' ? 'aligned' : 'context';
}

function boundHolds({ method, details }: EvidenceRecord): boolean {
  if (method !== 'token_fixed_points') return true;
  const bound = details['log10_bound'];
  return typeof bound === 'number' && bound < FIXED_POINTS_LOG10_BOUND;
}

function haveSameWidths(a: EvidenceRecord, b: EvidenceRecord): boolean {
  const widths = ({ details }: EvidenceRecord): string =>
    [details['width_subject'], details['width_reference']]
      .map(Number)
      .sort((x, y) => x - y)
      .join('×');
  return widths(a) === widths(b);
}
