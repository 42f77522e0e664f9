import type { EvidenceRecord, Method } from '@jokbo/contracts';
import { componentTensors } from '../paired-tensors.js';
import type { AlignmentMap } from './alignment-map.js';
import { awmEvidence } from './awm.js';
import { matchExperts, type ExpertMaps } from './expert-matching.js';
import { followedLayers } from './followed-layers.js';
import { headMatchingEvidence } from './head-matching.js';
import { hiddenMatchingEvidence } from './hidden-matching.js';
import { hurefEvidence } from './huref.js';
import type { MatchExperts } from './match-blocks.js';
import { mdirEvidence } from './mdir.js';
import { notAligned, type ModelPair } from './model-pair.js';
import { residualPermutationEvidence } from './residual-permutation.js';
import { residualRotationEvidence } from './residual-rotation.js';
import { rotatedHiddenEvidence } from './rotated-hidden.js';
import { learnRotation, overlapOf, rotationFrame } from './rotation.js';
import { sharedTokens } from './shared-tokens.js';
import { permutationFrame, signedPermutation } from './signed-permutation.js';
import { tokenInputs } from './token-responses.js';
import { tokenMatchingEvidence } from './token-matching.js';

/** Tier 3 of one pair. */
export interface DisguiseEvidence {
  readonly records: readonly EvidenceRecord[];
  /** Recovered alignments; records name theirs by digest. */
  readonly maps: readonly AlignmentMap[];
}

/** The component that stands for a statistic where nothing could be aligned. */
const UNALIGNED: readonly (readonly [Method, EvidenceRecord['component']])[] = [
  ['residual_permutation', 'attention'],
  ['residual_rotation', 'attention'],
  ['rotated_hidden', 'mlp'],
  ['hidden_matching', 'mlp'],
  ['token_matching', 'mlp'],
  ['token_fixed_points', 'mlp'],
  ['awm', 'attention'],
  ['mdir', 'embedding'],
  ['huref', 'attention'],
];

/**
 * Tier 3: what a permuted, signed, rotated or pruned copy looks like once the disguise is undone. Alignments are
 * learned from embeddings of shared tokens, from gates or from routers, and other tensors are tested under them. No
 * record decides by itself: `calibrateDisguise` holds its z against control pairs.
 */
export async function disguiseEvidence(models: ModelPair): Promise<DisguiseEvidence> {
  const tokens = await sharedTokens(models);
  if (typeof tokens === 'string') return { records: unaligned(models, tokens), maps: [] };
  const widths = { subject: tokens.own.units, reference: tokens.other.units };
  const permutation = await signedPermutation(tokens, models.backend);
  const permuted = permutationFrame(permutation);
  const rotation = await learnRotation(tokens, models.backend);
  const frame = rotation === null ? null : rotationFrame(rotation, models.backend);
  const followed =
    (await followedLayers(models, permuted, false)) ??
    (frame === null ? null : await followedLayers(models, frame, true));
  const pair: ModelPair = { ...models, followed };
  const inputs = tokenInputs(pair, tokens);
  const experts = rememberExperts((map) => matchExperts(pair, inputs, map));
  const recipeA = await residualPermutationEvidence(pair, permutation, widths);
  const recipeC = await hiddenMatchingEvidence(pair, permuted, widths, experts);
  const recipeE = await tokenMatchingEvidence(pair, inputs, widths, experts);
  const records = [...recipeA.records, ...recipeC.records, ...recipeE.records];
  const maps = [recipeA.map, ...recipeC.maps, ...recipeE.maps];
  const overlap = rotation === null ? null : await overlapOf(rotation, pair.backend);
  if (rotation !== null && frame !== null && overlap !== null) {
    const recipeB = await residualRotationEvidence(pair, rotation, overlap, frame, widths);
    maps.push(recipeB.map);
    const details = { alignment: recipeB.map.name, alignment_digest: recipeB.map.digest };
    records.push(...recipeB.records, ...(await rotatedHiddenEvidence(pair, frame, widths, details)));
    const heads = await headMatchingEvidence(pair, frame, widths, recipeB.map.name);
    if (heads.map !== null) maps.push(heads.map);
    records.push(heads.record, mdirEvidence(pair, overlap, tokens, widths));
  }
  records.push(await awmEvidence(pair, permuted, widths), ...(await hurefEvidence(pair, tokens, widths)));
  return { records, maps };
}

function unaligned(pair: ModelPair, reason: string): EvidenceRecord[] {
  return UNALIGNED.filter(([, component]) => componentTensors(pair.subject, component).length > 0).map(
    ([method, component]) => notAligned(pair, { method, component, permuted: 'none' }, reason),
  );
}

/** Experts are matched once per layer map, whichever recipe asks. */
function rememberExperts(match: MatchExperts): MatchExperts {
  const known = new Map<string, Promise<ExpertMaps>>();
  return (map) => {
    const found = known.get(map.name) ?? match(map);
    known.set(map.name, found);
    return found;
  };
}
