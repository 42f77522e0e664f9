import { resultSentence } from '@jokbo/contracts';
import type { ComponentCase, JudgedPrimary } from './component-case.js';
import { allowsClean, type DisguiseFinding } from './disguise-evidence.js';
import { reason, type Outcome } from './outcome.js';
import type { PowerOf } from './power.js';

/**
 * `no_link_found`, or why it cannot be said.
 *
 * @param looked the power of the primaries beside what is asked for, and what tier 3 found.
 */
export function cleanOutcome(
  facts: ComponentCase,
  primaries: readonly JudgedPrimary[],
  { power, finding }: { readonly power: PowerOf; readonly finding: DisguiseFinding },
): Outcome {
  const { reject_z: rejectZ, clean_z: cleanZ } = facts.rules;
  const records = primaries.map(({ record }) => record);
  const ceiling = primaries.reduce(
    (highest, { record, lambda }) =>
      Math.max(highest, (record.ceiling ?? Infinity) / Math.sqrt(Math.max(1, lambda))),
    0,
  );
  if (ceiling < rejectZ) {
    const sentence = resultSentence('reason_ceiling', { ceiling, reject_z: rejectZ });
    return { verdict: 'inconclusive', reasons: [reason('ceiling', records, sentence)] };
  }
  const loud = primaries.filter(({ z }) => Math.abs(z) >= cleanZ);
  if (loud.length > 0) {
    const z = Math.max(...loud.map((primary) => Math.abs(primary.z)));
    const sentence = resultSentence('reason_between_thresholds', { z, clean_z: cleanZ, reject_z: rejectZ });
    const found = loud.map(({ record }) => record);
    return { verdict: 'inconclusive', reasons: [reason('between-thresholds', found, sentence)] };
  }
  if (!power.enough) {
    const { rMin, required } = power.best ?? { rMin: null, required: null };
    const sentence = resultSentence('reason_low_power', { r_min: rMin, required });
    return { verdict: 'inconclusive', reasons: [reason('low-power', records, sentence)] };
  }
  if (!allowsClean(finding, facts.tier3 === 'waived')) return notLookedInto(facts, finding);
  return {
    verdict: 'no_link_found',
    reasons: [
      reason('clean', records, resultSentence('reason_clean', { clean_z: cleanZ })),
      ...(finding.outcome === 'negative' ? finding.reasons : []),
    ],
  };
}

/**
 * What is clean by tier 1 and not by tier 3. Where the widths differ, the trace has nothing to compare: no test that could
 * not be made leaves a question open there.
 */
function notLookedInto({ component, subject, reference }: ComponentCase, finding: DisguiseFinding): Outcome {
  const sameWidth = subject.components[component]?.width === reference.components[component]?.width;
  const verdict = sameWidth || finding.outcome === 'unaligned' ? 'inconclusive' : 'not_comparable';
  return { verdict, reasons: finding.reasons };
}
