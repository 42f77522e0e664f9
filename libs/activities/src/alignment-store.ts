import { DigestMismatch, type ResultDocument } from '@jokbo/contracts';
import { alignmentDigest, type AlignmentMap } from '@jokbo/evidence';
import type { PartStore } from '@jokbo/fingerprint';
import { loadJson, storeJson, type ComparedEvidence } from './evidence-store.js';

/** Stores the alignments that a result names, each under its digest. */
export async function storeAlignments(
  parts: PartStore,
  document: ResultDocument,
  evidence: readonly ComparedEvidence[],
): Promise<void> {
  const named = new Set(digestsOf(document));
  for (const { stored } of evidence) {
    for (const map of stored.alignments ?? []) {
      if (named.delete(map.digest)) await storeJson(parts, map.digest, map);
    }
  }
}

/**
 * The alignments that a result names.
 *
 * @throws RangeError where the store lacks one; DigestMismatch where it holds another.
 */
export async function loadAlignments(parts: PartStore, document: ResultDocument): Promise<AlignmentMap[]> {
  const maps: AlignmentMap[] = [];
  for (const digest of digestsOf(document)) {
    const map = await loadJson<AlignmentMap>(parts, digest);
    if (map === null) throw new RangeError(`no alignment ${digest}`);
    const actual = alignmentDigest(map);
    if (actual !== digest) {
      throw new DigestMismatch(`the stored alignment has digest ${actual}`, {
        object: `alignment ${digest}`,
      });
    }
    maps.push(map);
  }
  return maps;
}

function digestsOf({ pairs }: ResultDocument): string[] {
  return [...new Set(pairs.flatMap(({ alignments = [] }) => alignments.map(({ digest }) => digest)))];
}
