import type {
  ComparedBatch,
  ComparisonBatch,
  DueComparisons,
  EvidenceReference,
  FailedPart,
  PlannedComparison,
} from '@jokbo/contracts';
import type { PartStore } from '@jokbo/fingerprint';
import { loadPage, loadPages, storePage } from './page-store.js';

/**
 * Stores comparisons in batches of equal size and in their order, under keys of what they hold.
 *
 * @param most comparisons of one batch.
 */
export async function storeBatches(
  parts: PartStore,
  comparisons: readonly PlannedComparison[],
  most: number,
): Promise<Omit<DueComparisons, 'pairs'>> {
  const size = Math.ceil(comparisons.length / Math.ceil(comparisons.length / Math.max(1, most)));
  const batches: string[] = [];
  for (let from = 0; from < comparisons.length; from += size) {
    batches.push(await storePage(parts, comparisons.slice(from, from + size)));
  }
  const key = await storePage(parts, batches);
  return { key, batches: batches.length, comparisons: comparisons.length };
}

/** @throws RangeError where the store lacks it. */
export async function loadBatch(
  parts: PartStore,
  { key, index }: ComparisonBatch,
): Promise<readonly PlannedComparison[]> {
  const batch = (await loadPage<string>(parts, key))[index];
  if (batch === undefined) throw new RangeError(`no batch ${index} of ${key}`);
  return loadPage(parts, batch);
}

/** The references to evidence of all batches, in their order. */
export function loadCompared(
  parts: PartStore,
  compared: readonly ComparedBatch[],
): Promise<EvidenceReference[]> {
  return loadPages(
    parts,
    compared.flatMap(({ evidence }) => evidence),
  );
}

/** What failed of all batches, in their order. */
export function loadFailures(parts: PartStore, compared: readonly ComparedBatch[]): Promise<FailedPart[]> {
  return loadPages(
    parts,
    compared.flatMap(({ failures }) => failures),
  );
}
