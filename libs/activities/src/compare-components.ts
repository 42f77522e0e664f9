import type { Component, ComparisonKind, FingerprintDocument } from '@jokbo/contracts';
import { presentComponents } from '@jokbo/evidence';
import type { PartStore } from '@jokbo/fingerprint';
import { inWindow } from '@jokbo/pipeline';
import type { Comparer, SampledComparison } from './comparer.js';
import { loadJson, type StoredEvidence } from './evidence-store.js';

/** Kinds that are not measured by component. */
const WHOLE: readonly ComparisonKind[] = ['self', 'disguise'];

/** Kept values of a model from which its components are worth a thread each. */
const VALUES_FROM = 16 * 1024 * 1024;

/** Whether a comparison of a model is measured component beside component. */
export function isSplit(kind: ComparisonKind, document: FingerprintDocument): boolean {
  return !WHOLE.includes(kind) && sampledValues(document, null) >= VALUES_FROM;
}

/**
 * Compares two stored fingerprints component beside component, as many at once as the comparer has threads: products of
 * one component that are spread over threads leave each waiting for the statistics between them.
 *
 * @param document of the subject.
 * @returns the evidence of all components one after the other.
 */
export async function compareComponents(
  comparer: Comparer,
  parts: PartStore,
  comparison: Omit<SampledComparison, 'component'>,
  document: FingerprintDocument,
  signal?: AbortSignal,
): Promise<StoredEvidence> {
  const components = presentComponents(document);
  const measure = async (component: Component): Promise<StoredEvidence> => {
    const size = sampledValues(document, component);
    const { evidence } = await comparer.compare({ ...comparison, component }, signal, size);
    const stored = await loadJson<StoredEvidence>(parts, evidence);
    if (stored === null) throw new RangeError(`no evidence ${evidence}`);
    return stored;
  };
  const shares = await inWindow(components, components.length, measure, (component) => component);
  return {
    records: shares.flatMap(({ records }) => records),
    maps: shares.flatMap(({ maps }) => maps),
  };
}

/** Kept values of a component, or of all. */
function sampledValues({ tensors }: FingerprintDocument, component: Component | null): number {
  return tensors.reduce(
    (sum, { component: own, sample }) =>
      sample !== null && (component === null || own === component)
        ? sum + sample.features * sample.units
        : sum,
    0,
  );
}
