import { resultSentence, type WrittenSentence } from '@jokbo/contracts';
import { RESIDUAL_AXIS_ORDERED } from '@jokbo/evidence';
import type { ComponentCase, JudgedPrimary } from './component-case.js';
import { reason, type Outcome } from './outcome.js';
import { DERIVED_SHARE } from './rule-set.js';
import { rowOf, type UpcycledRow } from './upcycled-row.js';

/**
 * `not_comparable` with its reason: no shared axis, or statistics that may accuse, but whose silence says too little.
 * Null where the component can be cleared, or left open.
 *
 * @param enough whether a primary has the power that is asked for.
 */
export function notComparable(
  facts: ComponentCase,
  primaries: readonly JudgedPrimary[],
  enough: boolean,
): Outcome | null {
  const { component, subject, reference, rules } = facts;
  const row = rowOf(facts);
  const other = reference.components[row?.against ?? component];
  if (other === undefined || (primaries.length === 0 && reference.components[component] === undefined)) {
    return outcome('reference-lacks-component', [], resultSentence('reason_reference_lacks', { component }));
  }
  const sameWidth = subject.components[component]?.width === other.width;
  if (primaries.length === 0) {
    const constant = facts.pair.records.filter(
      (record) => record.component === component && record.primary && record.reason === 'zero-variance',
    );
    if (constant.length > 0) return outcome('zero-variance', constant, resultSentence('reason_constant', {}));
    const ordered = facts.pair.records.filter(
      (record) => record.component === component && record.primary && record.reason === RESIDUAL_AXIS_ORDERED,
    );
    if (ordered.length > 0) {
      return outcome(RESIDUAL_AXIS_ORDERED, ordered, resultSentence('reason_axis_ordered', {}));
    }
    return outcome(
      'no-shared-axis',
      [],
      resultSentence(sameWidth ? 'reason_no_matching_features' : 'reason_widths_differ', {}),
    );
  }
  const records = primaries.map(({ record }) => record);
  if (!sameWidth && !enough) {
    return outcome('width-differs-low-power', records, resultSentence('reason_widths_differ_low_power', {}));
  }
  const quiet = primaries.every(({ z }) => Math.abs(z) < rules.clean_z);
  if (row !== null && quiet && !(enough && coversMost(row, facts))) {
    const sentence = resultSentence('reason_row_low_power', { against: row.against });
    return outcome('upcycled-low-power', records, sentence);
  }
  return null;
}

function outcome(code: string, records: Parameters<typeof reason>[1], sentence: WrittenSentence): Outcome {
  return { verdict: 'not_comparable', reasons: [reason(code, records, sentence)] };
}

/** Whether the row speaks about most of the component: a dense first layer does not stand for shared experts. */
function coversMost({ records }: UpcycledRow, { subject, component }: ComponentCase): boolean {
  const eligible = subject.components[component]?.eligible ?? 0;
  return records.some(({ parameters }) => parameters > DERIVED_SHARE * eligible);
}
