import type {
  Component,
  ComparisonKind,
  EvidenceRecord,
  TensorBackend,
  TensorSummary,
} from '@jokbo/contracts';
import { compareModels, keepGroup, selfTests, type CompareOptions, type LookedAt } from '@jokbo/evidence';
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
  int8: { primariesOnly: true, identityOnly: true, hiddenTrace: true, sameModel: true },
  identity: { traceOnly: true, identityOnly: true, sameModel: true },
  disguise: { components: [], disguises: true },
};

/** What a measurement is asked beside its kind. */
export interface MeasureOptions extends Pick<CompareOptions, 'signal' | 'partials' | 'groupParameters'> {
  /**
   * Those that are measured; default all that the kind asks for. No component looks at another, so that the evidence of
   * several is that of each, one after the other.
   */
  readonly components?: readonly Component[] | undefined;
}

/** Measures one comparison. For `int8`, `identity` and `self` the reference is the subject itself. */
export async function measureComparison(
  kind: ComparisonKind,
  subject: ModelData,
  reference: ModelData,
  backend: TensorBackend,
  { components, ...options }: MeasureOptions = {},
): Promise<StoredEvidence> {
  if (kind === 'self') return { records: await selfTests(subject, options.signal), maps: [] };
  return compareModels(subject, otherOf(kind, subject, reference), backend, {
    ...OPTIONS[kind],
    ...(components === undefined ? {} : { components }),
    ...options,
  });
}

/** Makes what a group of tensors gives to a comparison over all elements, and keeps it in `options.partials`. */
export async function keepComparisonGroup(
  kind: ComparisonKind,
  subject: ModelData,
  reference: ModelData,
  backend: TensorBackend,
  looked: LookedAt,
  options: MeasureOptions,
): Promise<void> {
  if (kind === 'self') return;
  const other = otherOf(kind, subject, reference);
  await keepGroup(subject, other, backend, looked, { ...OPTIONS[kind], ...options });
}

function otherOf(kind: ComparisonKind, subject: ModelData, reference: ModelData): ModelData {
  return kind === 'int8' ? int8Model(subject) : reference;
}

/** |z| between which a sampled primary is measured again over all elements. */
const OPEN_FROM_Z = 4;
const OPEN_TO_Z = 8;

/** What is looked at of a model to know whether a sample left something out. */
interface Sampled {
  readonly tensors:
    Pick<ModelData['tensors'], 'values'> | readonly Pick<TensorSummary, 'sample' | 'residual_axis'>[];
}

/** Whether a sampled primary leaves a question that all elements could answer: a sample of either model leaves some out. */
export function leavesQuestion(
  records: readonly Pick<EvidenceRecord, 'primary' | 'mode' | 'z'>[],
  ...models: readonly Sampled[]
): boolean {
  const sampled = models.some(({ tensors }) =>
    [...tensors.values()].some(
      ({ sample, residual_axis: axis }) => axis !== null && (sample === null || sample.features < sample.of),
    ),
  );
  return (
    sampled &&
    records.some(
      ({ primary, mode, z }) =>
        primary && mode === 'sampled' && z !== null && Math.abs(z) >= OPEN_FROM_Z && Math.abs(z) < OPEN_TO_Z,
    )
  );
}
