import { addNoise } from '../transformations/add-noise.js';
import { dropPrediction } from '../transformations/drop-prediction.js';
import { selectLayers, type LayerOrder } from '../transformations/select-layers.js';
import { DENSE, derivedCase, MIXTURE, type PowerCase } from './power-case.js';

const MAP = 'a layer map that is not contiguous (best cell of every row of the layer × layer map)';

const EQUAL_DEPTH = 'the layer × layer map at equal depth';

/** Correlation of the elements after a training that changed every one of them a little. */
const TRAINED_ON = 0.9;

function layers(kind: string, order: LayerOrder, base: string, needs: string | null): PowerCase {
  return derivedCase(
    kind,
    `layers ${order.join(' ')}`,
    (model, random) => selectLayers(dropPrediction(model), order, random),
    // Layers that stay are byte for byte those of the base; a fresh one is not.
    { base, needs, expected: order.includes('fresh') ? ['derived'] : ['identical', 'derived'] },
  );
}

/** The same where equal bytes give nothing away. */
function noisyLayers(kind: string, order: LayerOrder, needs: string): PowerCase {
  return derivedCase(
    `${kind}, then noise`,
    `layers ${order.join(' ')}, r = ${TRAINED_ON}`,
    (model, random) => addNoise(selectLayers(model, order, random), TRAINED_ON, random),
    { needs },
  );
}

/** Layers dropped, inserted, swapped and repeated. */
export const LAYERS: readonly PowerCase[] = [
  layers('layer drop', [0, 1, 2], DENSE, null),
  layers('layer drop', [1, 2, 3], DENSE, 'a contiguous layer map with an offset'),
  layers('layer drop', [0, 1, 3], DENSE, MAP),
  layers('layer drop', [0, 1, 2, 4], MIXTURE, MAP),
  layers('layer insert', [0, 1, 'fresh', 2, 3], DENSE, MAP),
  layers('layer swap', [0, 2, 1, 3], DENSE, EQUAL_DEPTH),
  layers('layer swap', [3, 2, 1, 0], DENSE, EQUAL_DEPTH),
  layers('layer duplicate', [0, 1, 2, 1, 2, 3], DENSE, MAP),
  layers('layer duplicate', [0, 1, 1, 2, 3, 4, 4], MIXTURE, MAP),
  noisyLayers('layer drop', [0, 1, 3], MAP),
  noisyLayers('layer swap', [0, 2, 1, 3], EQUAL_DEPTH),
  noisyLayers('layer swap', [3, 2, 1, 0], EQUAL_DEPTH),
  noisyLayers('layer duplicate', [0, 1, 2, 1, 2, 3], MAP),
];
