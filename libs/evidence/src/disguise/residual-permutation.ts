import type { Component, EvidenceRecord } from '@jokbo/contracts';
import { componentTensors } from '../paired-tensors.js';
import { alignedTraceRecord } from './aligned-trace.js';
import { alignmentMap, permutationPart, type AlignmentMap } from './alignment-map.js';
import type { ModelPair, Widths } from './model-pair.js';
import { permutationFrame, type SignedPermutation } from './signed-permutation.js';

/**
 * Components that the alignment did not see. Embeddings gave it; the head shares their tokens, so that under it
 * independent models agree.
 */
const TESTED: readonly Component[] = ['attention', 'mlp', 'router', 'experts', 'norms'];

/** What a recipe found. */
export interface RecipeEvidence {
  readonly records: readonly EvidenceRecord[];
  readonly map: AlignmentMap;
}

/**
 * Permuted residual stream, with signs, or a pruned one: permutation by assignment on the |column cosines| of shared
 * tokens' embeddings, then the trace of every component that this did not see, under it (Zeng et al. 2025 for the
 * alignment, Hoeffding 1951 for the moments). The record of the norms is context: their outlier dimensions are those of
 * the embedding in any model.
 */
export async function residualPermutationEvidence(
  pair: ModelPair,
  permutation: SignedPermutation,
  widths: Widths,
): Promise<RecipeEvidence> {
  const name = permutationName(permutation, widths);
  const map = alignmentMap(pair, 'permutation', name, [permutationPart(permutation, widths.subject)]);
  const records: EvidenceRecord[] = [];
  for (const component of TESTED) {
    if (componentTensors(pair.subject, component).length === 0) continue;
    const frame = permutationFrame(permutation, component !== 'norms');
    records.push(
      await alignedTraceRecord(pair, {
        statistic: { method: 'residual_permutation', component, permuted: 'residual dimensions' },
        widths,
        frame,
        folded: false,
        details: {
          alignment: name,
          alignment_digest: map.digest,
          mean_cosine: permutation.meanCosine,
        },
      }),
    );
  }
  return { records, map };
}

/** What a permutation does, in words. */
export function permutationName({ own, other, signs }: SignedPermutation, widths: Widths): string {
  const order = own.every((dimension, unit) => dimension === other[unit]) ? 'identity' : 'permutation';
  const base = widths.subject === widths.reference ? order : 'width pruning';
  return signs.some((sign) => sign < 0) ? `${base} with signs` : base;
}
