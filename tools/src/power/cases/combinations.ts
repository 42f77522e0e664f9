import { addNoise } from '../transformations/add-noise.js';
import { copyTensors } from '../transformations/copy-tensors.js';
import { copyGroup, copyRows } from '../transformations/copy-rows.js';
import { shuffleTokens } from '../transformations/change-vocabulary.js';
import { dropPrediction } from '../transformations/drop-prediction.js';
import { permuteExperts } from '../transformations/permute-experts.js';
import { permuteHeads } from '../transformations/permute-heads.js';
import { permuteHidden } from '../transformations/permute-hidden.js';
import { flipResidual, permuteResidual } from '../transformations/permute-residual.js';
import { quantise } from '../transformations/quantise.js';
import { renameTensors } from '../transformations/rename-tensors.js';
import { rotateResidual } from '../transformations/rotate-residual.js';
import { scaleNorms } from '../transformations/scale-pairs.js';
import { selectLayers } from '../transformations/select-layers.js';
import { upcycleDense } from '../transformations/upcycle.js';
import { dimensionsOf } from '../model/dimensions.js';
import { mapTensors } from '../model/model.js';
import { EMBEDDING } from '../model/names.js';
import { controlCase, DENSE, derivedCase, MIXTURE, SIBLING, type PowerCase } from './power-case.js';

const STREAM_AND_LAYERS = 'an alignment of the residual stream under a layer map that is not contiguous';

/** Correlation of the elements after a training that changed every one of them a little. */
const TRAINED_ON = 0.9;

/** Every third token. */
const TOKEN_STEP = 3;

/** Disguises on top of each other, and parts of parts. */
export const COMBINATIONS: readonly PowerCase[] = [
  derivedCase(
    'renamed, residual stream and heads permuted, noise',
    'r = 0.5',
    (model, random) =>
      renameTensors(addNoise(permuteHeads(permuteResidual(model, random), random), 0.5, random)),
    { needs: 'a recovered permutation' },
  ),
  derivedCase(
    'signs, norms scaled, layer dropped',
    'layers 0 1 3',
    (model, random) => selectLayers(scaleNorms(flipResidual(model, random), random), [0, 1, 3], random),
    { needs: STREAM_AND_LAYERS },
  ),
  derivedCase(
    'residual stream permuted, layers reversed, noise',
    `r = ${TRAINED_ON}`,
    (model, random) =>
      addNoise(selectLayers(permuteResidual(model, random), [3, 2, 1, 0], random), TRAINED_ON, random),
    { needs: STREAM_AND_LAYERS },
  ),
  derivedCase(
    'rotated, experts shuffled, rounded',
    'FP8 E4M3, four files',
    (model, random) =>
      quantise(permuteExperts(rotateResidual(dropPrediction(model), random), random), 'FP8 E4M3'),
    { base: MIXTURE, shards: 4, needs: 'a recovered rotation' },
  ),
  derivedCase(
    'up-cycling, hidden units of every expert shuffled',
    '8 experts, r = 0.5',
    (model, random) => permuteHidden(upcycleDense(model, 8, 0.5, random), random),
    { needs: 'experts held against the dense block by the residual Gram' },
  ),
  derivedCase(
    'partial copy, experts shuffled, noise',
    'odd experts of layers 1 to 4, r = 0.9',
    async (model, random, zoo) => {
      const noisy = addNoise(model, TRAINED_ON, random);
      const names = /\.layers\.[1-4]\.mlp\.experts\.[1357]\./;
      return permuteExperts(copyTensors(await zoo('teams/a/open-mini'), noisy, names), random);
    },
    {
      base: MIXTURE,
      expected: ['partially_derived'],
      inherited: ['experts'],
      needs: 'assignment of single experts',
    },
  ),
  derivedCase(
    'partial copy',
    'one of two key-value groups',
    async (model, _random, zoo) => copyGroup(await zoo(SIBLING), model, 0),
    { origins: [DENSE, SIBLING], expected: ['partially_derived'], inherited: ['attention'] },
  ),
  derivedCase(
    'partial copy, token ids shuffled',
    'every third row of the embedding',
    async (model, random, zoo) => {
      const { vocabulary } = dimensionsOf(model);
      const rows = Array.from({ length: Math.ceil(vocabulary / TOKEN_STEP) }, (_, at) => TOKEN_STEP * at);
      return shuffleTokens(copyRows(await zoo(SIBLING), model, EMBEDDING, rows), random);
    },
    { origins: [DENSE, SIBLING], expected: ['partially_derived'], inherited: ['embedding'] },
  ),
  controlCase(
    'norms at one',
    'of a sibling',
    async (zoo) =>
      mapTensors(await zoo(SIBLING), (tensor) =>
        tensor.shape.length === 1 ? { ...tensor, values: tensor.values.map(() => 1) } : tensor,
      ),
    { origins: [SIBLING] },
  ),
  controlCase(
    'every layer twice',
    'of a sibling',
    async (zoo, random) => selectLayers(await zoo(SIBLING), [0, 0, 1, 1, 2, 2, 3, 3], random),
    { origins: [SIBLING] },
  ),
];
