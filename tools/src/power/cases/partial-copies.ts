import type { Component, VerdictClass } from '@jokbo/contracts';
import { EMBEDDING } from '../model/names.js';
import { distil } from '../training/distil.js';
import { copyTensors } from '../transformations/copy-tensors.js';
import { extendVocabulary, renewEmbedding, shuffleTokens } from '../transformations/change-vocabulary.js';
import { dropPrediction } from '../transformations/drop-prediction.js';
import { initialModel } from '../transformations/unrelated-look-alikes.js';
import { DENSE, derivedCase, MIXTURE, SIBLING, type PowerCase } from './power-case.js';

const PART: readonly VerdictClass[] = ['partially_derived'];

/** Some tensors of the dense base in a model that is otherwise its sibling. */
function copied(what: string, names: RegExp, inherited: readonly Component[]): PowerCase {
  return derivedCase(
    'partial copy',
    what,
    async (model, _random, zoo) => copyTensors(await zoo(SIBLING), model, names),
    { origins: [DENSE, SIBLING], expected: PART, inherited },
  );
}

/** The same with a mixture of experts of another maker as the carrier. */
function copiedExperts(what: string, names: RegExp, inherited: readonly Component[]): PowerCase {
  return derivedCase(
    'partial copy',
    what,
    async (model, _random, zoo) => copyTensors(await zoo('teams/a/open-mini'), model, names),
    { base: MIXTURE, expected: PART, inherited },
  );
}

const TRAINING = { steps: 300, rate: 3e-3 };

/** Parts of a model in another one, and vocabularies changed. */
export const PARTIAL_COPIES: readonly PowerCase[] = [
  copied('role q', /\.q_proj\./, ['attention']),
  copied('role v', /\.v_proj\./, ['attention']),
  copied('role gate', /\.gate_proj\./, ['mlp']),
  copied('role down', /\.down_proj\./, ['mlp']),
  copied('role norm', /norm\.weight$/, ['norms']),
  copied('layer 2', /\.layers\.2\./, ['attention', 'mlp', 'norms']),
  copied('embedding', /embed_tokens/, ['embedding']),
  copiedExperts('routed experts of layers 1 to 4', /\.layers\.[1-4]\.mlp\.experts\./, ['experts']),
  copiedExperts('routers of layers 1 to 4', /\.layers\.[1-4]\.mlp\.gate\./, ['router']),
  derivedCase(
    'frozen embeddings',
    'the rest trained from a fresh seed',
    (model, random) => {
      const start = copyTensors(initialModel(model, random), model, /embed_tokens/);
      return distil(start, model, { ...TRAINING, frozen: new Set([EMBEDDING]) }, random).model;
    },
    { expected: PART, inherited: ['embedding'] },
  ),
  derivedCase('embeddings renewed', 'rows of a fresh seed', renewEmbedding, {
    inherited: ['attention', 'mlp', 'norms'],
  }),
  derivedCase(
    'embeddings renewed',
    'rows of a fresh seed',
    (model, random) => renewEmbedding(dropPrediction(model), random),
    {
      base: MIXTURE,
      inherited: ['attention', 'mlp', 'router', 'experts', 'norms'],
    },
  ),
  derivedCase('token ids shuffled', '512 tokens', shuffleTokens, {
    expected: ['derived', 'identical'],
  }),
  derivedCase(
    'vocabulary extended',
    '64 new tokens',
    (model, random) => extendVocabulary(model, 64, random),
    {
      expected: ['derived', 'identical'],
    },
  ),
];
