import type { LayerMap, PairResult, VerdictReason } from '@jokbo/contracts';
import type { alignment, comparison, control, layerMap, verdict, verdictReason } from '../schema/tables.js';

export function comparisonRow(runId: number, pair: PairResult): typeof comparison.$inferInsert {
  return {
    ...keyOf(runId, pair),
    mode: pair.mode,
    verdict: pair.verdict.verdict,
    declared: pair.verdict.declared,
    comparableShare: pair.verdict.comparable_share,
    linkedShare: pair.verdict.linked_share,
    reproduce: pair.reproduce,
  };
}

export function layerMapRows(runId: number, pair: PairResult): (typeof layerMap.$inferInsert)[] {
  return pair.maps.map((map) => ({
    ...keyOf(runId, pair),
    component: map.component,
    role: map.role,
    statistic: map.statistic ?? 'trace',
    rows: map.rows,
    columns: map.columns,
    cosine: singles(map.cosine),
    r: singles(map.r),
    z: singles(map.z),
    diagonalZ: map.diagonal_z,
    diagonalLog10P: map.diagonal_log10_p,
  }));
}

export function controlRows(runId: number, pair: PairResult): (typeof control.$inferInsert)[] {
  return pair.verdict.controls.map(({ id, ...record }) => ({
    ...keyOf(runId, pair),
    control: id,
    ...record,
  }));
}

export function verdictRows(runId: number, pair: PairResult): (typeof verdict.$inferInsert)[] {
  return pair.verdict.components.map((part) => ({
    ...keyOf(runId, pair),
    component: part.component,
    verdict: part.verdict,
    type: part.type,
    statistic: part.statistic,
    z: part.z,
    zCalibrated: part.z_calibrated,
    log10P: part.log10_p,
    log10PAdjusted: part.log10_p_adjusted,
    r: part.r,
    rLow: part.r_interval?.[0] ?? null,
    rHigh: part.r_interval?.[1] ?? null,
    rMin: part.r_min,
    rRequired: part.r_required,
    nEff: part.n_eff,
    tensors: part.tensors,
    parameters: part.parameters,
    parametersLinked: part.parameters_linked,
    bytesIdentical: part.bytes_identical,
  }));
}

/** Reasons of the pair (component null), then of each component. */
export function verdictReasonRows(runId: number, pair: PairResult): (typeof verdictReason.$inferInsert)[] {
  const rows = (component: string | null, reasons: readonly VerdictReason[]) =>
    reasons.map(({ code, records, text }, position) => ({
      ...keyOf(runId, pair),
      component,
      position,
      code,
      records: [...records],
      explanation: text,
    }));
  return [
    ...rows(null, pair.verdict.reasons),
    ...pair.verdict.components.flatMap((part) => rows(part.component, part.reasons)),
  ];
}

/** Recovered alignments, in the order of the document. */
export function alignmentRows(runId: number, pair: PairResult): (typeof alignment.$inferInsert)[] {
  return (pair.alignments ?? []).map(({ kind, name, digest, file, records }, position) => ({
    ...keyOf(runId, pair),
    position,
    kind,
    name,
    digest,
    file,
    records: [...records],
  }));
}

function keyOf(runId: number, pair: PairResult) {
  return { runId, subject: pair.subject, reference: pair.reference };
}

/** Rounded to single precision first: Postgres refuses a text that under- or overflows `real`. */
function singles(values: LayerMap['z']): (number | null)[] {
  return values.map((value) => (value === null ? null : Math.fround(value)));
}
