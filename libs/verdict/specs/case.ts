import type {
  BlockRecord,
  Calibration,
  Component,
  ComponentVerdict,
  EvidenceRecord,
  Method,
  PairVerdict,
  VerdictClass,
} from '@jokbo/contracts';
import type { CalibratedStatistic } from '@jokbo/evidence';
import { holm, log10PTwoSided } from '@jokbo/statistics';
import type { ComponentCase } from '../src/component-case.js';
import type { ControlMeasurements } from '../src/controls.js';
import type { MeasuredModel, MeasuredPair } from '../src/measurements.js';
import { DEFAULT_THRESHOLDS } from '../src/rule-set.js';

/** Parameters of the component that a case is about. */
export const PARAMETERS = 1e6;
export const WIDTH = 4096;

const PRIMARY: readonly Method[] = ['trace', 'balanced_trace', 'residual_gram', 'hidden_gram', 'value_gram'];

/** A record with the power and the ceiling of a large model, quiet unless told otherwise. */
export function record(
  method: Method,
  figures: Partial<EvidenceRecord> = {},
  pair = 'subject|reference',
): EvidenceRecord {
  const component = figures.component ?? 'attention';
  const primary = PRIMARY.includes(method);
  return {
    id: `${pair}|${component}|${method}`,
    method,
    tier: primary ? 1 : 0,
    component,
    primary,
    status: 'measured',
    reason: null,
    mode: 'sampled',
    null_hypothesis: 'residual dimensions',
    z: primary ? 0.5 : null,
    log10_p: null,
    r: primary ? 0.001 : null,
    r_interval: null,
    r_min: primary ? 0.005 : null,
    n_eff: primary ? 4e6 : null,
    units: primary ? WIDTH : null,
    ceiling: primary ? WIDTH - 1 : null,
    tensors: 4,
    features: 100,
    parameters: PARAMETERS,
    layer_map: 'identity',
    maps_tried: 1,
    blocks: [],
    skipped: [],
    scrambles: primary ? [0.3, -0.2, 1.1, 0.4, -1.6, 0.1, 0.9, -0.7] : [],
    details: {},
    ...figures,
  };
}

export function block(
  share: number,
  z: number | null,
  r: number | null,
  key = `block ${share} ${z}`,
): BlockRecord {
  return { key, reference_key: key, z, r, parameters: share * PARAMETERS, identical: false };
}

/** A statistic of tier 3 beside its controls: above them, with every block following, unless told otherwise. */
export function calibratedStatistic(
  figures: Partial<Omit<CalibratedStatistic, 'record'>> & {
    readonly method?: Method;
    readonly record?: Partial<EvidenceRecord>;
  } = {},
): CalibratedStatistic {
  const { method = 'residual_rotation', record: measured = {}, ...rest } = figures;
  const role = method === 'awm' || method === 'mdir' || method === 'huref' ? 'family' : 'aligned';
  return {
    record: record(method, {
      ...{ tier: 3, z: 60, r: 0.9, blocks: [block(1, 60, 0.9)], details: { alignment: 'rotation' } },
      ...measured,
    }),
    ...{ role, z: 40, mean: 0, deviation: 1, controls: 9, alike: 1, pooled: false, counts: true },
    ...rest,
  };
}

/** Byte identity of a share of the component's parameters. */
export function bytes(share: number, component: Component = 'attention'): EvidenceRecord {
  return record('byte_identity', {
    component,
    blocks: share === 0 ? [] : [{ ...block(share, null, 1, 'equal bytes'), identical: true }],
    details: {
      tensors_identical: share === 0 ? 0 : 1,
      parameters_identical: share * PARAMETERS,
      bytes_identical: 2 * share * PARAMETERS,
      share_identical: share,
    },
  });
}

export function model(id: string, figures: Partial<MeasuredModel> = {}): MeasuredModel {
  return {
    id,
    family: id,
    components: {
      attention: { parameters: PARAMETERS, bytes: 2 * PARAMETERS, eligible: PARAMETERS, width: WIDTH },
    },
    mappedShare: 1,
    notFinite: {},
    ...figures,
  };
}

export function pairOf(
  records: readonly EvidenceRecord[],
  subject = 'subject',
  reference = 'reference',
): MeasuredPair {
  return { subject, reference, records };
}

/** λ 1 for every statistic at the width of the cases. */
export const CALIBRATED: readonly Calibration[] = (['trace', 'gram', 'hidden', 'value'] as const).map(
  (statistic) => ({ statistic, width: WIDTH, lambda: 1, calibrated: true, pairs: 28, z: [] }),
);

/** The case of one component with these records, calibrated, without controls, tier 3 waived. */
export function caseOf(
  records: readonly EvidenceRecord[],
  figures: Partial<ComponentCase> = {},
): ComponentCase {
  const measured = records.filter(({ primary, z }) => primary && z !== null);
  const adjusted = holm(measured.map(({ z }) => log10PTwoSided(z ?? 0)));
  return {
    component: 'attention',
    pair: pairOf(records),
    subject: model('subject'),
    reference: model('reference'),
    calibration: CALIBRATED,
    adjusted: new Map(measured.map(({ id }, index) => [id, adjusted[index] ?? 0])),
    controls: [],
    rules: DEFAULT_THRESHOLDS,
    tier3: 'waived',
    disguise: null,
    ...figures,
  };
}

/** Controls that all pass for these records. */
export function goodControls(records: readonly EvidenceRecord[]): ControlMeasurements {
  const primaries = records.filter(({ primary }) => primary);
  const copy = primaries.map((primary) => ({ ...primary, z: 1000, r: 0.999 }));
  const quiet = primaries.map((primary) => ({ ...primary, z: -0.8, r: -0.001, blocks: [] }));
  const components = [...new Set(primaries.map(({ component }) => component))];
  return {
    negative: [{ model: 'independent', pair: pairOf(quiet, 'reference', 'independent') }],
    knownDerivative: null,
    int8: pairOf(copy, 'subject', 'subject'),
    identity: pairOf(
      components.map((component) => record('trace', { component, z: 4000, r: 1 }, 'subject|subject')),
      'subject',
      'subject',
    ),
  };
}

export function componentOf(
  component: Component,
  verdict: VerdictClass,
  parameters = PARAMETERS,
): ComponentVerdict {
  const inherited = verdict === 'identical' || verdict === 'derived';
  return {
    component,
    verdict,
    type: null,
    statistic: 'trace',
    z: 1,
    z_calibrated: 1,
    log10_p: -0.5,
    log10_p_adjusted: 0,
    r: 0,
    r_interval: null,
    r_min: 0.01,
    r_required: 0.1,
    n_eff: 1e6,
    tensors: 1,
    parameters,
    parameters_linked: inherited ? parameters : verdict === 'partially_derived' ? parameters / 4 : 0,
    bytes_identical: 0,
    reasons: [],
  };
}

export function pairVerdict(
  subject: string,
  reference: string,
  verdict: VerdictClass,
  figures: Partial<PairVerdict> = {},
): PairVerdict {
  return {
    subject,
    reference,
    verdict,
    declared: false,
    comparable_share: 1,
    linked_share: 0,
    components: [],
    controls: [],
    reasons: [],
    ...figures,
  };
}
