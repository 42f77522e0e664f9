import type { ComponentCase, JudgedPrimary } from './component-case.js';
import { allowsClean, type DisguiseFinding } from './disguise-evidence.js';
import { reason, type Outcome } from './outcome.js';

/**
 * `no_link_found`, or why it cannot be said.
 *
 * @param looked whether a primary has the power that is asked for, and what tier 3 found.
 */
export function cleanOutcome(
  facts: ComponentCase,
  primaries: readonly JudgedPrimary[],
  { enough, finding }: { readonly enough: boolean; readonly finding: DisguiseFinding },
): Outcome {
  const { reject_z: rejectZ, clean_z: cleanZ } = facts.rules;
  const records = primaries.map(({ record }) => record);
  const reachable = primaries.some(
    ({ record, lambda }) => (record.ceiling ?? Infinity) >= rejectZ * Math.sqrt(Math.max(1, lambda)),
  );
  if (!reachable) {
    return {
      verdict: 'inconclusive',
      reasons: [reason('ceiling', records, 'the shapes do not allow a decision')],
    };
  }
  const loud = primaries.filter(({ z }) => Math.abs(z) >= cleanZ);
  if (loud.length > 0) {
    return {
      verdict: 'inconclusive',
      reasons: [
        reason(
          'between-thresholds',
          loud.map(({ record }) => record),
          `|z| between ${cleanZ} and ${rejectZ}, or effect below the floor`,
        ),
      ],
    };
  }
  if (!enough) return { verdict: 'inconclusive', reasons: [reason('low-power', records, 'power too low')] };
  if (!allowsClean(finding, facts.tier3 === 'waived')) return notLookedInto(facts, finding);
  return {
    verdict: 'no_link_found',
    reasons: [
      reason('clean', records, `every primary below |z| ${cleanZ}`),
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
