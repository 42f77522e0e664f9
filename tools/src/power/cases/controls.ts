import { distil } from '../training/distil.js';
import { dropPrediction } from '../transformations/drop-prediction.js';
import { initialModel, matchMoments, shuffleElements } from '../transformations/unrelated-look-alikes.js';
import { controlCase, DENSE, derivedCase, MIXTURE, SIBLING, type PowerCase } from './power-case.js';

const TRAINING = { steps: 300, rate: 3e-3 };

/** Models that only resemble the base, and a derivative that was taught by an unrelated one. */
export const CONTROLS: readonly PowerCase[] = [
  controlCase('same data, another seed', 'seed 1', (zoo) => zoo(SIBLING), { origins: [SIBLING] }),
  controlCase('same data, another seed', 'seed 2', (zoo) => zoo('refs/llama-mini-s2'), {
    origins: ['refs/llama-mini-s2'],
  }),
  controlCase('distillation', 'same architecture, independent seed', async (zoo, random) => {
    const teacher = await zoo(DENSE);
    return distil(initialModel(teacher, random), teacher, TRAINING, random).model;
  }),
  derivedCase(
    'continued training',
    'on the outputs of an unrelated model',
    async (model, random, zoo) => distil(model, await zoo(SIBLING), { steps: 100, rate: 3e-4 }, random).model,
  ),
  controlCase('untrained', 'independent seed', async (zoo, random) => initialModel(await zoo(DENSE), random)),
  controlCase(
    'untrained',
    'independent seed',
    async (zoo, random) => initialModel(dropPrediction(await zoo(MIXTURE)), random),
    { base: MIXTURE },
  ),
  controlCase(
    'same mean and spread of every tensor',
    'of a sibling',
    async (zoo) => matchMoments(await zoo(SIBLING), await zoo(DENSE)),
    { origins: [SIBLING] },
  ),
  ...[DENSE, MIXTURE].map((base) =>
    controlCase(
      'elements shuffled',
      'all values, no structure',
      async (zoo, random) => shuffleElements(dropPrediction(await zoo(base)), random),
      { base },
    ),
  ),
  controlCase('same architecture family', 'another maker', (zoo) => zoo('teams/a/open-mini'), {
    base: MIXTURE,
  }),
];
