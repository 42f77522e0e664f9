import type { ComponentCase, JudgedPrimary } from './component-case.js';
import { reason, type Outcome } from './outcome.js';

/** `no_link_found`, or why it cannot be said. */
export function cleanOutcome(
  facts: ComponentCase,
  primaries: readonly JudgedPrimary[],
  enough: boolean,
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
  if (facts.tier3 === 'required') {
    return {
      verdict: 'inconclusive',
      reasons: [reason('tier3-not-run', records, 'disguise tests are required and were not run')],
    };
  }
  return {
    verdict: 'no_link_found',
    reasons: [reason('clean', records, `every primary below |z| ${cleanZ}`)],
  };
}
