import type { Component, EvidenceRecord } from '@jokbo/contracts';
import { componentTensors } from '../paired-tensors.js';
import { alignedTraceRecord } from './aligned-trace.js';
import { alignmentMap, rotationPart } from './alignment-map.js';
import type { Frame } from './frame.js';
import type { ModelPair, Widths } from './model-pair.js';
import type { RecipeEvidence } from './residual-permutation.js';
import type { Overlap, Rotation } from './rotation.js';

/** Components that the alignment did not see; norms are folded, and the head shares its tokens. */
const TESTED: readonly Component[] = ['attention', 'mlp', 'router', 'experts'];

/** Mean coefficient from which a rotation is said to be a permutation. */
const PERMUTATION_COEFFICIENT = 0.8;

/**
 * Rotated residual stream: norm weights are folded into the matrices that read them, on both sides, the rotation is the
 * polar factor of the shared tokens' embeddings, and the trace of every component that this did not see is taken in the
 * common basis (Ashkboos et al. 2024 for the symmetry, Schönemann 1966 for the rotation, Hoeffding 1951 for the
 * moments). Finds permutations, signs and sliced widths too, with less power.
 */
export async function residualRotationEvidence(
  pair: ModelPair,
  rotation: Rotation,
  overlap: Overlap,
  frame: Frame,
  widths: Widths,
): Promise<RecipeEvidence> {
  const name = rotationName(overlap);
  const map = alignmentMap(pair, 'rotation', name, [rotationPart(overlap.matrix)]);
  const records: EvidenceRecord[] = [];
  for (const component of TESTED) {
    if (componentTensors(pair.subject, component).length === 0) continue;
    records.push(
      await alignedTraceRecord(pair, {
        statistic: { method: 'residual_rotation', component, permuted: 'directions of the common basis' },
        widths,
        frame,
        folded: true,
        details: { alignment: name, alignment_digest: map.digest, rank: rotation.rank },
      }),
    );
  }
  return { records, map };
}

function rotationName({ matrix, coefficient, diagonal }: Overlap): string {
  const pruned = matrix.features === matrix.units ? '' : ', width pruning';
  if (diagonal >= PERMUTATION_COEFFICIENT) return `identity${pruned}`;
  return `${coefficient >= PERMUTATION_COEFFICIENT ? 'permutation' : 'rotation'}${pruned}`;
}
