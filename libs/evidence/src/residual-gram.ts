import type { Component, EvidenceRecord } from '@jokbo/contracts';
import { sampleIndices, type ModelData } from '@jokbo/fingerprint';
import {
  gramPermutationTail,
  log10PTwoSided,
  packedGramScrambles,
  unpackGram,
  zFromLog10P,
  type PermutationTail,
} from '@jokbo/statistics';
import { bestOfMaps, type BestMap } from './best-of-maps.js';
import type { ChosenUnits } from './chosen-units.js';
import { mapsFor, SCRAMBLES, TAIL_PERMUTATIONS, type Comparison } from './comparison.js';
import { referenceComponent } from './dense-and-experts.js';
import { evidenceRecord, permutationSeed, type RecordIdentity } from './evidence-record.js';
import { notMeasured } from './not-measured.js';
import { componentTensors } from './paired-tensors.js';
import { keepResidualGroup, residualGrams, type MappedGrams } from './residual-sides.js';

/** Residual dimensions of a Gram; beyond it one seeded subset serves both models and every layer. */
const MAX_UNITS = 1024;

/** Gathers that the permutation tail may cost: a minute on one core. */
const MAX_GATHERS = 4e10;

/** Below and above, the normal tail serves; between, Gram statistics have a heavier one. */
const PERMUTE_FROM_Z = 4;
const PERMUTE_TO_Z = 8;

/**
 * Residual Gram–Mantel test (Mantel 1967): one Gram W'W per layer, summed over roles (each centred and scaled
 * to unit Frobenius norm) and over the experts of a role; rows and columns of all layers permuted together.
 * Blind to order and number of heads, hidden units and experts; needs no equal feature counts.
 */
export async function residualGramEvidence(comparison: Comparison): Promise<EvidenceRecord> {
  const maps = mapsFor(comparison);
  const chosen = residualUnits(comparison);
  const units = chosen?.units ?? 0;
  const tested = chosen === null ? [] : await residualGrams(comparison, maps, chosen);
  const results = maps.flatMap((map, index) => {
    const result = tested[index] ?? null;
    return result === null ? [] : [{ map: map.name, z: result.joint.z, result }];
  });
  const identity = {
    ...comparison,
    method: 'residual_gram',
    tier: 1,
    primary: true,
    nullHypothesis: `rows and columns of the residual Grams (${units})`,
  } as const;
  const best = bestOfMaps(results);
  if (best === null) {
    return notMeasured(identity, comparison, 'no-common-roles');
  }
  const grams = best.result;
  const { joint } = grams;
  const draw = { seed: permutationSeed('scramble', identity), permutations: SCRAMBLES };
  const tail = permutedTail(best, units, identity);
  return evidenceRecord(identity, {
    z: tail?.z ?? best.z,
    log10_p: tail?.log10P ?? log10PTwoSided(best.z),
    r: joint.r,
    r_interval: joint.rInterval,
    // Samples of experts and of a dense MLP need not hold the same hidden units: then the power is not known.
    r_min: comparison.against === undefined || grams.whole ? joint.rMin : null,
    n_eff: joint.nEff,
    units,
    ceiling: Math.sqrt(joint.nEff),
    tensors: grams.tensors,
    features: grams.features,
    parameters: grams.parameters,
    layer_map: best.map,
    maps_tried: best.mapsTried,
    blocks: joint.layers.map((layer, index) => ({
      key: `gram ${index}`,
      reference_key: `gram ${index}`,
      z: layer?.z ?? null,
      r: layer?.r ?? null,
      parameters: 0,
      identical: false,
    })),
    scrambles: [...packedGramScrambles(grams.grams, grams.weighted, joint.variance, draw)],
    details: {
      map_z: best.rawZ,
      ...(tail === null
        ? {}
        : { permutation_p: tail.p, permutations: tail.permutations, closed_form_z: best.z }),
    },
  });
}

/** Makes and keeps the sums of the group of tensors that `comparison` looks at, of either model. */
export async function keepResidualGramGroup(comparison: Comparison): Promise<void> {
  const chosen = residualUnits(comparison);
  if (chosen !== null) await keepResidualGroup(comparison, mapsFor(comparison), chosen);
}

/** A Gram |z| between 4 and 8 is replaced by the normal quantile of its permutation p × number of maps tried. */
function permutedTail(
  { z, mapsTried, result }: Pick<BestMap<MappedGrams>, 'z' | 'mapsTried' | 'result'>,
  units: number,
  identity: RecordIdentity,
): (Pick<PermutationTail, 'p' | 'permutations'> & { z: number; log10P: number }) | null {
  if (Math.abs(z) < PERMUTE_FROM_Z || Math.abs(z) >= PERMUTE_TO_Z) return null;
  const gathers = (result.weighted.length * units * units * TAIL_PERMUTATIONS) / 2;
  if (gathers > MAX_GATHERS) return null;
  const { grams } = result;
  const weighted = result.weighted.map(({ a, b, weight }) => ({
    a: unpackGram(grams.a, a),
    b: unpackGram(grams.b, b),
    weight,
  }));
  const draw = { seed: permutationSeed('tail', identity), permutations: TAIL_PERMUTATIONS };
  const { p, permutations } = gramPermutationTail(weighted, units, draw);
  const log10P = Math.min(0, Math.log10(p * mapsTried));
  const size = zFromLog10P(log10P);
  return { p, permutations, log10P, z: z < 0 ? -size : size };
}

function residualUnits(comparison: Comparison): ChosenUnits | null {
  const width = streamWidth(comparison.subject, comparison.component);
  const other = streamWidth(comparison.reference, referenceComponent(comparison));
  if (width === null || width !== other || width < 4) return null;
  if (width <= MAX_UNITS) return { units: width, indices: null, width };
  const seed = { family: 'residual', axis: 'gram', shape: [width] };
  return { units: MAX_UNITS, indices: sampleIndices(seed, width, MAX_UNITS), width };
}

function streamWidth(model: ModelData, component: Component): number | null {
  const tensor = componentTensors(model, component).find((candidate) => candidate.sample !== null);
  return tensor?.sample?.units ?? null;
}
