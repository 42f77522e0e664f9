import type { EvidenceRecord, PairResult, SelfTestResult } from '@jokbo/contracts';
import type {
  evidence,
  evidenceBlock,
  evidenceSkipped,
  selfTest,
  selfTestBlock,
  selfTestSkipped,
} from '../schema/tables.js';

export function evidenceRows(runId: number, pair: PairResult): (typeof evidence.$inferInsert)[] {
  return pair.evidence.map((record) => ({ ...ofPair(runId, pair), ...statistic(record) }));
}

export function evidenceBlockRows(runId: number, pair: PairResult): (typeof evidenceBlock.$inferInsert)[] {
  return pair.evidence.flatMap((record) =>
    blocks(record).map((block) => ({ ...ofPair(runId, pair), ...block })),
  );
}

export function evidenceSkippedRows(
  runId: number,
  pair: PairResult,
): (typeof evidenceSkipped.$inferInsert)[] {
  return pair.evidence.flatMap((record) =>
    skipped(record).map((tensor) => ({ ...ofPair(runId, pair), ...tensor })),
  );
}

export function selfTestRows(runId: number, result: SelfTestResult): (typeof selfTest.$inferInsert)[] {
  const { subject } = result;
  return result.records.map((record) => ({ runId, subject, ...statistic(record) }));
}

export function selfTestBlockRows(
  runId: number,
  result: SelfTestResult,
): (typeof selfTestBlock.$inferInsert)[] {
  const { subject } = result;
  return result.records.flatMap((record) => blocks(record).map((block) => ({ runId, subject, ...block })));
}

export function selfTestSkippedRows(
  runId: number,
  result: SelfTestResult,
): (typeof selfTestSkipped.$inferInsert)[] {
  const { subject } = result;
  return result.records.flatMap((record) => skipped(record).map((tensor) => ({ runId, subject, ...tensor })));
}

function ofPair(runId: number, { subject, reference }: PairResult) {
  return { runId, subject, reference };
}

function statistic(record: EvidenceRecord) {
  return {
    record: record.id,
    method: record.method,
    tier: record.tier,
    component: record.component,
    isPrimary: record.primary,
    status: record.status,
    reason: record.reason,
    mode: record.mode,
    nullHypothesis: record.null_hypothesis,
    z: record.z,
    log10P: record.log10_p,
    r: record.r,
    rLow: record.r_interval?.[0] ?? null,
    rHigh: record.r_interval?.[1] ?? null,
    rMin: record.r_min,
    nEff: record.n_eff,
    units: record.units,
    ceiling: record.ceiling,
    tensors: record.tensors,
    features: record.features,
    parameters: record.parameters,
    layerMap: record.layer_map,
    mapsTried: record.maps_tried,
    scrambles: [...record.scrambles],
    details: record.details,
  };
}

function blocks(record: EvidenceRecord) {
  return record.blocks.map((block, position) => ({
    record: record.id,
    position,
    key: block.key,
    referenceKey: block.reference_key,
    z: block.z,
    r: block.r,
    parameters: block.parameters,
    identical: block.identical,
  }));
}

function skipped(record: EvidenceRecord) {
  return record.skipped.map(({ key, reason }, position) => ({ record: record.id, position, key, reason }));
}
