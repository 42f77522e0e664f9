import {
  resultSentence,
  type ComponentVerdict,
  type VerdictClass,
  type VerdictReason,
} from '@jokbo/contracts';
import { bestOfPrimaries } from '@jokbo/statistics';
import { cleanOutcome } from './clean-outcome.js';
import { judgePrimaries, type ComponentCase, type JudgedPrimary } from './component-case.js';
import { detail, recordOf } from './measurements.js';
import type { DisguiseFinding } from './disguise-evidence.js';
import { findingOf, withDisguise } from './disguise-outcome.js';
import { notComparable } from './not-comparable.js';
import { reason, type Outcome } from './outcome.js';
import { linkedBlocks, positiveOutcome } from './positive-outcome.js';
import { powerOf } from './power.js';
import { rowOf } from './upcycled-row.js';

/** Faulty tensors that a reason names: enough to look at, whatever a model has of them. */
const MAX_TENSORS_NAMED = 3;

/**
 * Verdict of one component against one reference: the first rule that applies, from `invalid` to
 * `inconclusive`.
 */
export function componentVerdict(facts: ComponentCase): ComponentVerdict {
  const primaries = judgePrimaries(facts);
  const finding = findingOf(facts, primaries);
  const outcome = decide(facts, primaries, finding);
  const identity = recordOf(facts.pair.records, facts.component, 'byte_identity');
  const power = powerOf(facts, primaries);
  return {
    component: facts.component,
    verdict: outcome.verdict,
    type: outcome.type ?? null,
    ...shownFigures(primaries, outcome),
    r_min: power.best?.rMin ?? null,
    r_required: power.best?.required ?? null,
    parameters: facts.subject.components[facts.component]?.parameters ?? 0,
    parameters_linked: linkedOf(facts, primaries, {
      verdict: outcome.verdict,
      share: Math.max(finding.share, outcome.sharePerValue ?? 0),
    }),
    bytes_identical: detail(identity, 'bytes_identical') ?? 0,
    reasons: [...outcome.reasons, ...rowReasons(facts)],
  };
}

type ShownFigures = Pick<
  ComponentVerdict,
  | 'statistic'
  | 'z'
  | 'z_calibrated'
  | 'log10_p'
  | 'log10_p_adjusted'
  | 'r'
  | 'r_interval'
  | 'n_eff'
  | 'tensors'
>;

/** Figures of what decided: a statistic under an alignment, which has no p of its own, or the loudest primary. */
function shownFigures(primaries: readonly JudgedPrimary[], { aligned }: Outcome): ShownFigures {
  const primary = shownPrimary(primaries);
  const record = aligned?.record ?? primary?.record;
  return {
    statistic: record?.method ?? null,
    z: record?.z ?? null,
    z_calibrated: (aligned ?? primary)?.z ?? null,
    log10_p: aligned === undefined ? bestOfPrimaries(primaries.map(({ log10P }) => log10P)) : null,
    log10_p_adjusted: aligned === undefined ? (primary?.log10PAdjusted ?? null) : null,
    r: record?.r ?? null,
    r_interval: record?.r_interval ?? null,
    n_eff: record?.n_eff ?? null,
    tensors: record?.tensors ?? 0,
  };
}

function linkedOf(
  facts: ComponentCase,
  primaries: readonly JudgedPrimary[],
  { verdict, share }: { readonly verdict: VerdictClass; readonly share: number },
): number {
  const size = facts.subject.components[facts.component];
  const parameters = size?.parameters ?? 0;
  if (verdict === 'identical' || verdict === 'derived') return parameters;
  if (verdict !== 'partially_derived') return 0;
  return Math.min(
    parameters,
    Math.round(Math.max(linkedBlocks(facts, primaries), share * (size?.eligible ?? 0))),
  );
}

/** The primary that speaks loudest, by calibrated |z|. */
function shownPrimary(primaries: readonly JudgedPrimary[]): JudgedPrimary | undefined {
  return [...primaries].sort((a, b) => Math.abs(b.z) - Math.abs(a.z))[0];
}

function decide(
  facts: ComponentCase,
  primaries: readonly JudgedPrimary[],
  finding: DisguiseFinding,
): Outcome {
  const invalid = invalidReason(facts);
  if (invalid !== null) return { verdict: 'invalid', reasons: [invalid] };
  const power = powerOf(facts, primaries);
  const identity = recordOf(facts.pair.records, facts.component, 'byte_identity');
  const share = detail(identity, 'share_identical') ?? 0;
  if (share >= facts.rules.identical_share) {
    const sentence = resultSentence('reason_bytes_identical', { share });
    return { verdict: 'identical', reasons: [reason('bytes-identical', [identity], sentence)] };
  }
  return (
    withDisguise(positiveOutcome(facts, primaries), finding) ??
    notComparable(facts, primaries, power.enough) ??
    cleanOutcome(facts, primaries, { power, finding })
  );
}

/** Says that the component was held against another one, and in which records. */
function rowReasons(facts: ComponentCase): VerdictReason[] {
  const row = rowOf(facts);
  if (row === null) return [];
  const sentence = resultSentence('reason_held_against', {
    component: facts.component,
    against: row.against,
  });
  return [reason(row.name, row.records, sentence)];
}

function invalidReason(facts: ComponentCase): VerdictReason | null {
  const failed = facts.controls.filter((control) => control.passed === false);
  if (failed.length > 0) {
    const controls = failed.map(({ kind, method }) => ({ kind, method }));
    return {
      code: 'control-failed',
      records: failed.map((control) => control.id),
      ...resultSentence('reason_controls_failed', { controls }),
    };
  }
  for (const model of [facts.subject, facts.reference]) {
    const tensors = model.notFinite[facts.component] ?? [];
    if (tensors.length > 0) {
      const figures = { count: tensors.length, tensors: tensors.slice(0, MAX_TENSORS_NAMED) };
      return reason('not-finite', [], resultSentence('reason_elements_not_finite', figures));
    }
  }
  const unmeasured = facts.pair.records.filter(
    ({ component, status }) => component === facts.component && status === 'invalid',
  );
  const [first] = unmeasured;
  if (first === undefined) return null;
  const tensors = first.skipped.slice(0, MAX_TENSORS_NAMED).map(({ key }) => key);
  const sentence = resultSentence('reason_unmeasurable', { tensors });
  return reason(first.reason ?? 'not-measured', unmeasured, sentence);
}
