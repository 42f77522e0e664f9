import type { VerdictClass } from '@jokbo/contracts';
import { addNoise } from '../transformations/add-noise.js';
import { mergeLora } from '../transformations/merge-lora.js';
import { average, dropAndRescale, slerp } from '../transformations/merge-models.js';
import { dropPrediction } from '../transformations/drop-prediction.js';
import { DENSE, derivedCase, MIXTURE, SIBLING, type PowerCase } from './power-case.js';

const DEPENDENT: readonly VerdictClass[] = ['derived', 'common_origin'];

/** r of a component below 0.2 is a dependence without an inherited block. */
function noise(r: number, base: string): PowerCase {
  return derivedCase('noise', `r = ${r}`, (model, random) => addNoise(dropPrediction(model), r, random), {
    base,
    expected: r > 0.2 ? ['derived'] : r === 0.2 ? [...DEPENDENT, 'partially_derived'] : DEPENDENT,
  });
}

const ATTENTION = /\.(q|v)_proj\.weight$/;
const EVERY_PROJECTION = /_proj\.weight$/;

/** Noise down to r = 0.01, adapters, and merges of two or more models. */
export const NOISE_AND_MERGES: readonly PowerCase[] = [
  ...[0.5, 0.2, 0.1, 0.05, 0.02, 0.01].map((r) => noise(r, DENSE)),
  ...[0.5, 0.1, 0.05, 0.02].map((r) => noise(r, MIXTURE)),
  derivedCase('LoRA merge', 'rank 8, q and v, share 0.2', (model, random) =>
    mergeLora(model, { rank: 8, share: 0.2, targets: ATTENTION }, random),
  ),
  derivedCase('LoRA merge', 'rank 16, all projections, share 1', (model, random) =>
    mergeLora(model, { rank: 16, share: 1, targets: EVERY_PROJECTION }, random),
  ),
  ...[0.3, 0.7].map((t) =>
    derivedCase(
      'slerp with an unrelated model',
      `t = ${t}`,
      async (model, _random, zoo) => slerp(model, await zoo(SIBLING), t),
      { origins: [DENSE, SIBLING] },
    ),
  ),
  derivedCase(
    'slerp with a derivative',
    't = 0.5',
    async (model, _random, zoo) => slerp(dropPrediction(model), await zoo('refs/intellect-mini'), 0.5),
    { base: MIXTURE },
  ),
  derivedCase(
    'average of models',
    'three seeds',
    async (model, _random, zoo) => average(model, [await zoo(SIBLING), await zoo('refs/llama-mini-s2')]),
    { origins: [DENSE, SIBLING, 'refs/llama-mini-s2'] },
  ),
  derivedCase(
    'DARE merge',
    'half of a fine-tune dropped',
    async (model, random, zoo) =>
      dropAndRescale(dropPrediction(model), await zoo('refs/intellect-mini'), 0.5, random),
    { base: MIXTURE },
  ),
];
