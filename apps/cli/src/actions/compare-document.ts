import type { SourceComparison } from '@jokbo/activities';

/** The JSON of `jokbo compare`. Numbers are null where nothing was measured; reasons name evidence records. */
export function compareDocument(comparison: SourceComparison) {
  const { pair, lambda, coverage } = comparison;
  const { verdict } = pair;
  return {
    schema_version: 1,
    subject: pair.subject,
    reference: pair.reference,
    verdict: verdict.verdict,
    comparable_share: verdict.comparable_share,
    lambda,
    controls: verdict.controls,
    components: verdict.components.map((component) => ({
      component: component.component,
      verdict: component.verdict,
      statistic: component.statistic,
      z: component.z,
      log10_p: component.log10_p,
      r: component.r,
      r_interval: component.r_interval,
      r_min: component.r_min,
      n_eff: component.n_eff,
      tensors: component.tensors,
      parameters: component.parameters,
      bytes_identical: component.bytes_identical,
      reasons: component.reasons.map(({ code, records }) => ({ code, records })),
    })),
    coverage,
  };
}
