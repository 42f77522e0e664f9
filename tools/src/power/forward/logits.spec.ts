import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Random } from '@jokbo/statistics';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../model/model.js';
import { readModel } from '../model/read-model.js';
import { seededRandom } from '../model/seeded-random.js';
import { changedLogits } from './changed-logits.js';
import { logits } from './logits.js';
import { shuffleTokens } from '../transformations/change-vocabulary.js';
import { dropPrediction } from '../transformations/drop-prediction.js';
import { foldNorms } from '../transformations/fold-norms.js';
import { permuteExperts } from '../transformations/permute-experts.js';
import { permuteHeads } from '../transformations/permute-heads.js';
import { permuteHidden } from '../transformations/permute-hidden.js';
import { flipResidual, permuteResidual } from '../transformations/permute-residual.js';
import { rotateKeys, rotateValues } from '../transformations/rotate-heads.js';
import { rotateResidual } from '../transformations/rotate-residual.js';
import { scaleKeys, scaleNorms, scaleUnits, scaleValues } from '../transformations/scale-pairs.js';
import { upcycleDense } from '../transformations/upcycle.js';

const zoo = (path: string): string => fileURLToPath(new URL(`../../../../test/zoo/${path}`, import.meta.url));

const DISGUISES: readonly (readonly [string, (model: Model, random: Random) => Model])[] = [
  ['hidden units permuted', permuteHidden],
  ['heads permuted', permuteHeads],
  ['experts permuted', permuteExperts],
  ['residual dimensions permuted', permuteResidual],
  ['residual signs turned', flipResidual],
  ['norms folded', foldNorms],
  ['residual stream rotated', rotateResidual],
  ['value channels rotated', rotateValues],
  ['queries and keys rotated', rotateKeys],
  ['hidden units scaled', scaleUnits],
  ['values scaled', scaleValues],
  ['keys scaled', scaleKeys],
  ['norms scaled', scaleNorms],
];

let dense: Model;
let mixture: Model;
beforeAll(async () => {
  dense = await readModel(zoo('refs/llama-mini-s0'));
  mixture = dropPrediction(await readModel(zoo('refs/glm-air-mini')));
});

describe('logits', () => {
  it.each(DISGUISES)('of a dense model stay with %s', (name, disguise) => {
    const changed = disguise(dense, seededRandom(name));
    if (name === 'experts permuted') expect(changed).toEqual(dense);
    else expect(changed.tensors).not.toEqual(dense.tensors);
    expect(changedLogits(dense, changed)).toBeLessThan(1e-4);
  });

  it.each(DISGUISES)('of a mixture of experts stay with %s', (name, disguise) => {
    const changed = disguise(mixture, seededRandom(name));
    expect(changed.tensors).not.toEqual(mixture.tensors);
    expect(changedLogits(mixture, changed)).toBeLessThan(1e-4);
  });

  it('of an up-cycled model whose experts are all alike are those of the dense one', () => {
    const changed = upcycleDense(dense, 4, 1, seededRandom('up-cycled'));
    expect(changedLogits(dense, changed)).toBeLessThan(1e-4);
  });

  it('move with the tokens that are shuffled', () => {
    const changed = shuffleTokens(dense, seededRandom('tokens'));
    const ids = (model: Model): ReadonlyMap<string, number> =>
      new Map(Object.entries((model.tokenizer as { model: { vocab: Record<string, number> } }).model.vocab));
    const [before, after] = [ids(dense), ids(changed)];
    const words = [...before.keys()].slice(40, 52);
    const [a, b] = [before, after].map((vocabulary) => words.map((word) => vocabulary.get(word) ?? NaN));
    const [old, now] = [logits(dense, a ?? []), logits(changed, b ?? [])];
    for (const [word, id] of before) expect(now[after.get(word) ?? NaN]).toBeCloseTo(old[id] ?? NaN, 9);
  });

  it('change where one tensor is left out of a permutation', () => {
    const permuted = permuteResidual(dense, seededRandom('partly'));
    const name = 'model.layers.1.mlp.up_proj.weight';
    const kept = dense.tensors.get(name);
    if (kept === undefined) throw new Error(name);
    const broken = { ...permuted, tensors: new Map(permuted.tensors).set(name, kept) };
    expect(changedLogits(dense, broken)).toBeGreaterThan(0.01);
  });

  it('predict the text of this file far better than chance', () => {
    const vocabulary = (dense.tokenizer as { model: { vocab: Record<string, number> } }).model.vocab;
    const tokens = longestMatches(readFileSync(fileURLToPath(import.meta.url), 'utf8'), vocabulary).slice(
      0,
      200,
    );
    const rows = logits(dense, tokens);
    let loss = 0;
    for (let at = 0; at + 1 < tokens.length; at += 1) {
      const row = rows.subarray(at * 512, (at + 1) * 512);
      const sum = row.reduce((total, value) => total + Math.exp(value), 0);
      loss += Math.log(sum) - (row[tokens[at + 1] ?? NaN] ?? NaN);
    }
    expect(loss / (tokens.length - 1)).toBeLessThan(Math.log(512) - 1);
  });
});

/** Byte-level tokens by the longest match: not the tokenizer's own cuts, but close to them. */
function longestMatches(text: string, vocabulary: Readonly<Record<string, number>>): number[] {
  const spelled = text.replaceAll(' ', 'Ġ').replaceAll('\n', 'Ċ');
  const tokens: number[] = [];
  for (let at = 0; at < spelled.length;) {
    let length = 12;
    while (length > 1 && !Object.hasOwn(vocabulary, spelled.slice(at, at + length))) length -= 1;
    tokens.push(vocabulary[spelled.slice(at, at + length)] ?? 0);
    at += length;
  }
  return tokens;
}
