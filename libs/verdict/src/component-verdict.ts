import type {
  Calibration,
  Component,
  ComponentVerdict,
  ControlRecord,
  EvidenceRecord,
  VerdictClass,
  VerdictReason,
} from '@jokbo/contracts';
import { bestOfPrimaries, calibratedZ, log10PTwoSided } from '@jokbo/statistics';
import { recordLambda } from './calibrate.js';
import { linkedParameters } from './linked-parameters.js';
import {
  detail,
  primariesOf,
  recordOf,
  statisticKind,
  type MeasuredModel,
  type MeasuredPair,
} from './measurements.js';
import {
  BLOCK_R,
  CLEAN_Z,
  DERIVED_SHARE,
  EFFECT_FLOOR,
  GRAM_ALONE_R,
  IDENTICAL_SHARE,
  NORMS_FOLLOW_SHARE,
  REJECT_LOG10_P,
  REJECT_Z,
  requiredGramR,
  requiredR,
  SHARED_START_BULK_R,
  SHARED_START_Q,
  VALUE_EXCESS,
} from './rule-set.js';

/** A primary with its calibrated figures. */
export interface JudgedPrimary {
  readonly record: EvidenceRecord;
  readonly z: number;
  readonly lambda: number;
  readonly log10P: number;
  /** Holm-adjusted over every primary of the audit. */
  readonly log10PAdjusted: number;
  readonly rejects: boolean;
}

/** Everything that the rule reads about one component of one pair. */
export interface ComponentCase {
  readonly component: Component;
  readonly pair: MeasuredPair;
  readonly subject: MeasuredModel;
  readonly reference: MeasuredModel;
  readonly calibration: readonly Calibration[];
  readonly adjusted: ReadonlyMap<string, number>;
  readonly controls: readonly ControlRecord[];
  readonly tier3: 'waived' | 'required' | 'negative';
}

/** z_λ and the adjusted p of every measured primary of a component. */
export function judgePrimaries(facts: ComponentCase): JudgedPrimary[] {
  return primariesOf(facts.pair.records, facts.component).flatMap((record) => {
    if (record.z === null) return [];
    const lambda = recordLambda(facts.calibration, record, facts.subject);
    const z = calibratedZ(record.z, lambda);
    const log10P = log10PTwoSided(z);
    const log10PAdjusted = facts.adjusted.get(record.id) ?? log10P;
    const rejects =
      log10PAdjusted <= REJECT_LOG10_P && Math.abs(z) >= REJECT_Z && Math.abs(record.r ?? 0) >= EFFECT_FLOOR;
    return [{ record, z, lambda, log10P, log10PAdjusted, rejects }];
  });
}

interface Outcome {
  readonly verdict: VerdictClass;
  readonly type?: string;
  readonly reasons: readonly VerdictReason[];
}

/**
 * Verdict of one component against one reference: the first rule that applies, from `invalid` to
 * `inconclusive`.
 */
export function componentVerdict(facts: ComponentCase): ComponentVerdict {
  const primaries = judgePrimaries(facts);
  const outcome = decide(facts, primaries);
  const identity = recordOf(facts.pair.records, facts.component, 'byte_identity');
  const shown = shownPrimary(primaries);
  const power = powerOf(facts, primaries);
  const log10P = bestOfPrimaries(primaries.map((primary) => primary.log10P));
  return {
    component: facts.component,
    verdict: outcome.verdict,
    type: outcome.type ?? null,
    statistic: shown?.record.method ?? null,
    z: shown?.record.z ?? null,
    z_calibrated: shown?.z ?? null,
    log10_p: log10P,
    log10_p_adjusted: shown?.log10PAdjusted ?? null,
    r: shown?.record.r ?? null,
    r_interval: shown?.record.r_interval ?? null,
    r_min: power.best?.rMin ?? null,
    r_required: power.best?.required ?? null,
    n_eff: shown?.record.n_eff ?? null,
    tensors: shown?.record.tensors ?? 0,
    parameters: facts.subject.components[facts.component]?.parameters ?? 0,
    parameters_linked: linkedOf(facts, primaries, outcome.verdict),
    bytes_identical: detail(identity, 'bytes_identical') ?? 0,
    reasons: outcome.reasons,
  };
}

function linkedOf(facts: ComponentCase, primaries: readonly JudgedPrimary[], verdict: VerdictClass): number {
  const parameters = facts.subject.components[facts.component]?.parameters ?? 0;
  if (verdict === 'identical' || verdict === 'derived') return parameters;
  if (verdict !== 'partially_derived') return 0;
  return Math.min(parameters, Math.round(linkedBlocks(facts, primaries)));
}

/** Inherited parameters: block thresholds use the raw z, but the calibrated one where the component does not reject. */
function linkedBlocks({ pair, component }: ComponentCase, primaries: readonly JudgedPrimary[]): number {
  const trace = primaries.find(({ record }) => record.method === 'trace');
  const inflation = primaries.some(({ rejects }) => rejects) ? 1 : Math.max(1, trace?.lambda ?? 1);
  return linkedParameters(pair.records, component, REJECT_Z * Math.sqrt(inflation));
}

/** The primary that speaks loudest, by calibrated |z|. */
function shownPrimary(primaries: readonly JudgedPrimary[]): JudgedPrimary | undefined {
  return [...primaries].sort((a, b) => Math.abs(b.z) - Math.abs(a.z))[0];
}

interface Power {
  readonly rMin: number;
  readonly required: number;
  readonly enough: boolean;
}

/** Smallest detectable r of each primary beside what the rule set asks for. */
function powerOf(
  facts: ComponentCase,
  primaries: readonly JudgedPrimary[],
): { best: Power | null; enough: boolean } {
  const size = facts.subject.components[facts.component];
  const compared = size?.parameters ?? 0;
  const all = primaries.flatMap(({ record, lambda }): Power[] => {
    if (record.r_min === null) return [];
    const scaled = record.r_min * Math.sqrt(Math.max(1, lambda));
    const kind = statisticKind(record.method);
    const rMin = kind === 'trace' ? scaled : Math.sqrt(scaled);
    const required =
      kind === 'trace' ? requiredR(facts.component, compared, size?.width ?? null) : requiredGramR(compared);
    return [{ rMin, required, enough: rMin <= required }];
  });
  const ranked = [...all].sort((a, b) => a.rMin / a.required - b.rMin / b.required);
  return { best: ranked[0] ?? null, enough: all.some((power) => power.enough) };
}

function reason(code: string, records: readonly (EvidenceRecord | undefined)[], text: string): VerdictReason {
  const ids = records.flatMap((record) => record?.id ?? []);
  return { code, records: [...new Set(ids)], text };
}

function decide(facts: ComponentCase, primaries: readonly JudgedPrimary[]): Outcome {
  const { component, pair, subject, reference } = facts;
  const records = pair.records;
  const invalid = invalidReason(facts);
  if (invalid !== null) return { verdict: 'invalid', reasons: [invalid] };
  if (reference.components[component] === undefined) {
    return {
      verdict: 'not_comparable',
      reasons: [reason('reference-lacks-component', [], `the reference has no ${component}`)],
    };
  }
  const identity = recordOf(records, component, 'byte_identity');
  const identicalShare = detail(identity, 'share_identical') ?? 0;
  if (identicalShare >= IDENTICAL_SHARE) {
    return { verdict: 'identical', reasons: [reason('bytes-identical', [identity], 'the same bytes')] };
  }
  const positive = positiveOutcome(facts, primaries);
  if (positive !== null) return positive;
  const sameWidth = subject.components[component]?.width === reference.components[component].width;
  if (primaries.length === 0) {
    return {
      verdict: 'not_comparable',
      reasons: [
        reason(
          'no-shared-axis',
          [],
          sameWidth ? 'no tensors with matching features' : 'the residual widths differ',
        ),
      ],
    };
  }
  const power = powerOf(facts, primaries);
  if (!sameWidth && !power.enough) {
    return {
      verdict: 'not_comparable',
      reasons: [
        reason(
          'width-differs-low-power',
          primaries.map(({ record }) => record),
          'the residual widths differ, and what is left has too little power',
        ),
      ],
    };
  }
  return cleanOutcome(facts, primaries, power.enough);
}

function invalidReason(facts: ComponentCase): VerdictReason | null {
  const failed = facts.controls.filter((control) => control.passed === false);
  if (failed.length > 0) {
    const text = failed
      .map((control) => `${control.kind} control (${control.method}) gave what it must not`)
      .join('; ');
    return { code: 'control-failed', records: failed.map((control) => control.id), text };
  }
  for (const model of [facts.subject, facts.reference]) {
    const tensors = model.notFinite[facts.component] ?? [];
    if (tensors.length > 0) {
      return {
        code: 'not-finite',
        records: [],
        text: `NaN or infinite elements in ${tensors.slice(0, 3).join(', ')}`,
      };
    }
  }
  const unmeasured = facts.pair.records.filter(
    ({ component, status }) => component === facts.component && status === 'invalid',
  );
  const [first] = unmeasured;
  if (first === undefined) return null;
  const keys = first.skipped.slice(0, 3).map(({ key }) => key);
  return reason(first.reason ?? 'not-measured', unmeasured, `no statistic is defined for ${keys.join(', ')}`);
}

function positiveOutcome(facts: ComponentCase, primaries: readonly JudgedPrimary[]): Outcome | null {
  const { component, pair, subject } = facts;
  const rejecting = primaries.filter((primary) => primary.rejects);
  const byTrace = rejecting.filter(({ record }) => statisticKind(record.method) === 'trace');
  const byGram = rejecting.filter(({ record }) => statisticKind(record.method) !== 'trace');
  const trace = recordOf(pair.records, component, 'trace');
  const identity = recordOf(pair.records, component, 'byte_identity');
  const size = subject.components[component];
  const eligible = size === undefined || size.eligible > 0 ? (size?.eligible ?? 0) : size.parameters;
  const linked = linkedBlocks(facts, primaries);
  const share = eligible === 0 ? 0 : Math.min(1, linked / eligible);
  const identicalShare = detail(identity, 'share_identical') ?? 0;
  const deciding = rejecting.map(({ record }) => record);
  const started = sharedStart(facts, rejecting);
  if (started !== null) return started;
  if (identicalShare > DERIVED_SHARE || (rejecting.length > 0 && share > DERIVED_SHARE)) {
    return {
      verdict: 'derived',
      reasons: [
        reason(
          'blocks-inherited',
          [...deciding, trace, identity],
          `blocks with r ≥ ${BLOCK_R} or equal bytes hold ${percent(Math.max(share, identicalShare))} of the parameters`,
        ),
      ],
    };
  }
  const gram = byGram.find(({ record }) => (record.r ?? 0) >= GRAM_ALONE_R);
  if (gram !== undefined) {
    return {
      verdict: 'derived',
      reasons: [
        reason(
          'gram-inherited',
          [gram.record],
          `${gram.record.method} r ${(gram.record.r ?? 0).toFixed(3)}: the same weights in another order`,
        ),
      ],
    };
  }
  const matchable = trace !== undefined && trace.parameters >= DERIVED_SHARE * eligible;
  const supported = byGram.find(({ record }) => (record.r ?? 0) >= BLOCK_R);
  if (supported !== undefined && byTrace.length > 0 && !matchable) {
    return {
      verdict: 'derived',
      reasons: [reason('gram-and-trace', deciding, 'trace and Gram agree, blocks cannot be matched')],
    };
  }
  if (share > 0) {
    return {
      verdict: 'partially_derived',
      reasons: [
        reason(
          'some-blocks-inherited',
          [...deciding, trace, identity],
          `blocks with r ≥ ${BLOCK_R} or equal bytes hold ${percent(share)} of the parameters`,
        ),
      ],
    };
  }
  const values = recordOf(pair.records, component, 'value_identity');
  const excess = (detail(values, 'fraction_equal') ?? 0) - (detail(values, 'fraction_expected') ?? 0);
  if (
    component !== 'norms' &&
    values !== undefined &&
    (values.z ?? 0) >= REJECT_Z &&
    excess >= VALUE_EXCESS
  ) {
    return {
      verdict: excess > DERIVED_SHARE ? 'derived' : 'partially_derived',
      reasons: [reason('values-identical', [values], `${percent(excess)} more equal values than chance`)],
    };
  }
  if (rejecting.length === 0) return null;
  return {
    verdict: 'common_origin',
    type: byTrace.length === 0 ? 'induced by another component, or small effect' : 'unresolved',
    reasons: [reason('dependent', deciding, 'dependent, but no block is inherited')],
  };
}

/** A start in common with separate training: bulk alike, learned directions and norms apart. */
function sharedStart(facts: ComponentCase, rejecting: readonly JudgedPrimary[]): Outcome | null {
  const { records } = facts.pair;
  const split = recordOf(records, facts.component, 'start_split');
  const [bulk, q] = [detail(split, 'r_bulk'), detail(split, 'q')];
  const own = recordOf(records, facts.component, 'trace')?.r ?? null;
  const norms = recordOf(records, 'norms', 'trace')?.r ?? null;
  if (rejecting.length === 0 || bulk === null || q === null || own === null || norms === null) return null;
  if (bulk < SHARED_START_BULK_R || q >= SHARED_START_Q || norms >= NORMS_FOLLOW_SHARE * own) return null;
  return {
    verdict: 'common_origin',
    type: 'shared initialisation',
    reasons: [
      reason('shared-start', [split], `bulk r ${bulk.toFixed(3)}, q ${q.toFixed(2)}, norms do not follow`),
    ],
  };
}

function cleanOutcome(facts: ComponentCase, primaries: readonly JudgedPrimary[], enough: boolean): Outcome {
  const records = primaries.map(({ record }) => record);
  const reachable = primaries.some(
    ({ record, lambda }) => (record.ceiling ?? Infinity) >= REJECT_Z * Math.sqrt(Math.max(1, lambda)),
  );
  if (!reachable) {
    return {
      verdict: 'inconclusive',
      reasons: [reason('ceiling', records, 'the shapes do not allow a decision')],
    };
  }
  const loud = primaries.filter(({ z }) => Math.abs(z) >= CLEAN_Z);
  if (loud.length > 0) {
    return {
      verdict: 'inconclusive',
      reasons: [
        reason(
          'between-thresholds',
          loud.map(({ record }) => record),
          `|z| between ${CLEAN_Z} and ${REJECT_Z}, or effect below the floor`,
        ),
      ],
    };
  }
  if (!enough) return { verdict: 'inconclusive', reasons: [reason('low-power', records, 'power too low')] };
  if (facts.tier3 === 'required') {
    return {
      verdict: 'inconclusive',
      reasons: [reason('tier3-not-run', records, 'disguise tests are required and were not run')],
    };
  }
  return {
    verdict: 'no_link_found',
    reasons: [reason('clean', records, `every primary below |z| ${CLEAN_Z}`)],
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
