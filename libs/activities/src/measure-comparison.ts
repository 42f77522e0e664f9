import type {
  Component,
  ComparisonKind,
  EvidenceRecord,
  TensorBackend,
  TensorSummary,
} from '@jokbo/contracts';
import { compareModels, selfTests, type CompareOptions } from '@jokbo/evidence';
import { int8Model, type ModelData } from '@jokbo/fingerprint';
import type { StoredEvidence } from './evidence-store.js';

/**
 * What is measured of each kind of comparison: controls and calibration need the primaries only; tier 3 is measured by
 * itself, of audited pairs and of their controls alike.
 */
const OPTIONS: Readonly<Record<Exclude<ComparisonKind, 'self'>, CompareOptions>> = {
  audit: {},
  negative: { primariesOnly: true },
  derivative: { primariesOnly: true },
  calibration: { primariesOnly: true, identityOnly: true },
  int8: { primariesOnly: true, identityOnly: true, hiddenTrace: true },
  identity: { traceOnly: true, identityOnly: true },
  disguise: { components: [], disguises: true },
};

/**
 * Measures one comparison. For `int8`, `identity` and `self` the reference is the subject itself.
 *
 * @param components those that are measured; default all that the kind asks for. No component looks at another, so that
 *   the evidence of several is that of each, one after the other.
 */
export async function measureComparison(
  kind: ComparisonKind,
  subject: ModelData,
  reference: ModelData,
  backend: TensorBackend,
  signal?: AbortSignal,
  components?: readonly Component[],
): Promise<StoredEvidence> {
  if (kind === 'self') return { records: await selfTests(subject, signal), maps: [] };
  const other = kind === 'int8' ? int8Model(subject) : reference;
  return compareModels(subject, other, backend, {
    ...OPTIONS[kind],
    ...(components === undefined ? {} : { components }),
    signal,
  });
}

/** |z| between which a sampled primary is measured again over all elements. */
const OPEN_FROM_Z = 4;
const OPEN_TO_Z = 8;

/** Whether a sampled primary leaves a question that all elements could answer. */
export function leavesQuestion(
  records: readonly EvidenceRecord[],
  subject: { readonly tensors: Pick<ModelData['tensors'], 'values'> | readonly TensorSummary[] },
): boolean {
  const sampled = [...subject.tensors.values()].some(
    ({ sample, residual_axis: axis }) => axis !== null && (sample === null || sample.features < sample.of),
  );
  return (
    sampled &&
    records.some(
      ({ primary, mode, z }) =>
        primary && mode === 'sampled' && z !== null && Math.abs(z) >= OPEN_FROM_Z && Math.abs(z) < OPEN_TO_Z,
    )
  );
}
