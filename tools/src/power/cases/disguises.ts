import type { Random } from '@jokbo/statistics';
import type { Model } from '../model/model.js';
import { addNoise } from '../transformations/add-noise.js';
import { dropPrediction } from '../transformations/drop-prediction.js';
import { foldNorms } from '../transformations/fold-norms.js';
import { permuteExperts } from '../transformations/permute-experts.js';
import { permuteHeads } from '../transformations/permute-heads.js';
import { permuteHidden } from '../transformations/permute-hidden.js';
import { flipResidual, permuteResidual } from '../transformations/permute-residual.js';
import { rotateKeys, rotateValues } from '../transformations/rotate-heads.js';
import { rotateResidual } from '../transformations/rotate-residual.js';
import { scaleKeys, scaleNorms, scaleUnits, scaleValues } from '../transformations/scale-pairs.js';
import { DENSE, derivedCase, MIXTURE, type PowerCase } from './power-case.js';

type Disguise = (model: Model, random: Random) => Model;

function disguised(
  kind: string,
  disguise: Disguise,
  needs: string | null,
  bases: readonly string[] = [DENSE, MIXTURE],
): PowerCase[] {
  return bases.map((base) =>
    derivedCase(
      kind,
      base === MIXTURE ? 'mixture of experts' : 'dense',
      (model, random) => disguise(dropPrediction(model), random),
      { base, needs },
    ),
  );
}

const HIDDEN_ORDER =
  'residual Gram, or matching of hidden units (assignment of gate rows, trace of up and down)';
const HEAD_ORDER = 'residual Gram';
const EXPERT_ORDER = 'residual Gram, or assignment of experts with the null of the matched mean';
const STREAM_ORDER =
  'hidden-axis and value Grams; embedding, head, norms and router: a recovered permutation';
const STREAM_BASIS = 'hidden-axis and value Grams; embedding and head: a recovered rotation; norms are gone';

const everything: Disguise = (model, random) =>
  permuteResidual(permuteHeads(permuteHidden(permuteExperts(model, random), random), random), random);

/** Changes that leave the function of a model as it is. */
export const DISGUISES: readonly PowerCase[] = [
  ...disguised('hidden permutation', permuteHidden, HIDDEN_ORDER),
  ...disguised('head permutation', permuteHeads, HEAD_ORDER),
  ...disguised('expert permutation', permuteExperts, EXPERT_ORDER, [MIXTURE]),
  ...disguised('residual permutation', permuteResidual, STREAM_ORDER),
  ...disguised('residual signs', flipResidual, `${STREAM_ORDER} with signs`),
  ...disguised('rotation with norms folded', rotateResidual, STREAM_BASIS),
  ...disguised('norms folded', foldNorms, 'the product of norm and matrix'),
  ...disguised('value channels rotated', rotateValues, 'residual Gram'),
  ...disguised('queries and keys rotated', rotateKeys, 'residual Gram'),
  ...disguised('scaling of hidden units', scaleUnits, null, [DENSE]),
  ...disguised('scaling of values', scaleValues, null, [DENSE]),
  ...disguised('scaling of keys', scaleKeys, null, [DENSE]),
  ...disguised('scaling of norms', scaleNorms, 'the product of norm and matrix'),
  ...disguised(
    'everything permuted',
    everything,
    'matching over tokens, which needs no order of units at all',
  ),
  ...disguised(
    'everything permuted, then noise r = 0.9',
    (model, random) => addNoise(everything(model, random), 0.9, random),
    'matching over tokens, which needs no order of units at all',
  ),
];
