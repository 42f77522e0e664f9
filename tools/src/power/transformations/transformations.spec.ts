import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { elementCorrelations } from '../audit/element-correlation.js';
import { extent, tensorOf, type Model } from '../model/model.js';
import { EMBEDDING, HEAD } from '../model/names.js';
import { readModel } from '../model/read-model.js';
import { seededRandom } from '../model/seeded-random.js';
import { addNoise } from './add-noise.js';
import { extendVocabulary } from './change-vocabulary.js';
import { copyTensors } from './copy-tensors.js';
import { dropPrediction } from './drop-prediction.js';
import { mergeLora } from './merge-lora.js';
import { average, dropAndRescale, slerp } from './merge-models.js';
import { pruneExperts, pruneHeads, pruneHidden, pruneResidual } from './prune-width.js';
import { pruneMagnitude, truncateRank } from './prune-weights.js';
import { quantise, type QuantisationFormat } from './quantise.js';
import { selectLayers } from './select-layers.js';
import { matchMoments, shuffleElements } from './unrelated-look-alikes.js';
import { doubleExperts, joinExperts } from './upcycle.js';

const zoo = (path: string): Promise<Model> =>
  readModel(fileURLToPath(new URL(`../../../../test/zoo/${path}`, import.meta.url)));
const GATE = 'model.layers.1.mlp.gate_proj.weight';

let dense: Model;
let sibling: Model;
let mixture: Model;
beforeAll(async () => {
  dense = await zoo('refs/llama-mini-s0');
  sibling = await zoo('refs/llama-mini-s1');
  mixture = dropPrediction(await zoo('refs/glm-air-mini'));
});

const valuesOf = (model: Model, name: string): Float64Array => tensorOf(model, name).values;
const shapeOf = (model: Model, name: string): readonly number[] => tensorOf(model, name).shape;

/** Frobenius norm of the change over that of the matrix. */
function relativeError(changed: Model, name: string): number {
  const [before, after] = [valuesOf(dense, name), valuesOf(changed, name)];
  const error = before.reduce((sum, value, at) => sum + (value - (after[at] ?? NaN)) ** 2, 0);
  return Math.sqrt(error / before.reduce((sum, value) => sum + value * value, 0));
}

describe('transformations', () => {
  it.each([0.5, 0.1])('leave elements correlated by %d', (r) => {
    for (const [component, found] of elementCorrelations(dense, addNoise(dense, r, seededRandom('noise')))) {
      expect(Math.abs(found - r), component).toBeLessThan(component === 'norms' ? 0.15 : 0.02);
    }
  });

  // Known errors of the formats on weights of language models; they depend little on the model.
  it.each<[QuantisationFormat, number, number]>([
    ['int8 per row', 0.003, 0.012],
    ['Q8_0', 0.003, 0.008],
    ['Q4_0', 0.07, 0.11],
    ['NF4', 0.07, 0.11],
    ['FP8 E4M3', 0.02, 0.032],
    ['FP8 E5M2', 0.04, 0.065],
    ['MXFP4', 0.09, 0.17],
  ])('round to %s with a relative error between %d and %d', (format, least, most) => {
    const error = relativeError(quantise(dense, format), GATE);
    expect(error).toBeGreaterThan(least);
    expect(error).toBeLessThan(most);
  });

  it('quantise what they have quantised to the same', () => {
    for (const format of ['Q8_0', 'NF4', 'FP8 E4M3', 'MXFP4'] as const) {
      const once = quantise(dense, format);
      const twice = quantise(once, format);
      valuesOf(twice, GATE).forEach((value, at) => {
        expect(Math.abs(value - (valuesOf(once, GATE)[at] ?? NaN)), format).toBeLessThan(1e-9);
      });
    }
  });

  it('add a low-rank update of the size that was asked for, to its targets alone', () => {
    const options = { rank: 4, share: 0.25, targets: /gate_proj/ };
    const merged = mergeLora(dense, options, seededRandom('lora'));
    expect(relativeError(merged, GATE)).toBeCloseTo(0.25, 9);
    expect(valuesOf(merged, EMBEDDING)).toEqual(valuesOf(dense, EMBEDDING));
  });

  it('end a spherical interpolation at its ends, with lengths between', () => {
    valuesOf(slerp(dense, sibling, 1), GATE).forEach((value, at) => {
      expect(value).toBeCloseTo(valuesOf(sibling, GATE)[at] ?? NaN, 12);
    });
    const norm = (values: Float64Array): number =>
      Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
    const half = norm(valuesOf(slerp(dense, sibling, 0.5), GATE));
    expect(half).toBeCloseTo((norm(valuesOf(dense, GATE)) + norm(valuesOf(sibling, GATE))) / 2, 9);
  });

  it('average models and drop parts of a fine-tune', () => {
    const [a, b] = [valuesOf(dense, GATE), valuesOf(sibling, GATE)];
    expect(valuesOf(average(dense, [sibling]), GATE)[7]).toBeCloseTo(((a[7] ?? NaN) + (b[7] ?? NaN)) / 2, 12);
    const dropped = valuesOf(dropAndRescale(dense, sibling, 0.75, seededRandom('dare')), GATE);
    const kept = dropped.filter((value, at) => value === a[at]).length / dropped.length;
    expect(kept).toBeGreaterThan(0.7);
    expect(kept).toBeLessThan(0.8);
  });

  it('put layers in another order, and fresh ones between them', () => {
    const moved = selectLayers(dense, [3, 'fresh', 1], seededRandom('layers'));
    expect(moved.config['num_hidden_layers']).toBe(3);
    const at = (layer: number): string => GATE.replace('layers.1', `layers.${layer}`);
    expect(valuesOf(moved, at(0))).toEqual(valuesOf(dense, at(3)));
    expect(valuesOf(moved, at(2))).toEqual(valuesOf(dense, at(1)));
    expect(valuesOf(moved, at(1))).not.toEqual(valuesOf(dense, at(1)));
    expect(moved.tensors.has(at(3))).toBe(false);
  });

  it('prune width to what the config then says', () => {
    expect(shapeOf(pruneHidden(dense, 64), GATE)).toEqual([64, 128]);
    const residual = pruneResidual(dense, 96);
    expect([shapeOf(residual, GATE), shapeOf(residual, EMBEDDING)]).toEqual([
      [96, 96],
      [512, 96],
    ]);
    expect(shapeOf(pruneHeads(dense, 3), 'model.layers.0.self_attn.q_proj.weight')).toEqual([96, 128]);
    const experts = pruneExperts(mixture, 2);
    expect(experts.config['n_routed_experts']).toBe(4);
    const name = (expert: number): string => `model.layers.1.mlp.experts.${expert}.up_proj.weight`;
    expect(valuesOf(experts, name(1))).toEqual(valuesOf(mixture, name(2)));
    expect(experts.tensors.has(name(4))).toBe(false);
    expect(shapeOf(experts, 'model.layers.1.mlp.gate.weight')).toEqual([4, 128]);
  });

  it('thin out the smallest elements, and keep the leading directions', () => {
    const thin = valuesOf(pruneMagnitude(dense, 0.5), GATE);
    expect(thin.filter((value) => value === 0).length / thin.length).toBeCloseTo(0.5, 2);
    const errors = [4, 16, 96].map((rank) =>
      relativeError(truncateRank(dense, rank, seededRandom('rank')), GATE),
    );
    expect(errors[0]).toBeGreaterThan(errors[1] ?? NaN);
    expect(errors[1]).toBeGreaterThan(0.2);
    expect(errors[2]).toBeLessThan(1e-9);
  });

  it('double experts, and join them to one block', () => {
    const doubled = doubleExperts(mixture, 1, seededRandom('double'));
    const name = (expert: number): string => `model.layers.2.mlp.experts.${expert}.up_proj.weight`;
    const [copy, original] = [valuesOf(doubled, name(11)), valuesOf(mixture, name(3))];
    copy.forEach((value, at) => expect(value).toBeCloseTo(original[at] ?? NaN, 12));
    const joined = joinExperts(mixture);
    const down = tensorOf(joined, 'model.layers.2.mlp.down_proj.weight');
    expect(extent(down)).toEqual({ rows: 128, columns: 128 });
    expect(down.values[5 * 128 + 3 * 16 + 2]).toBe(
      valuesOf(mixture, 'model.layers.2.mlp.experts.3.down_proj.weight')[5 * 16 + 2],
    );
    expect([...joined.tensors.keys()].filter((key) => /expert|mlp\.gate\./.test(key))).toEqual([]);
  });

  it('extend vocabularies, copy parts, and keep moments or values without structure', () => {
    const extended = extendVocabulary(mixture, 8, seededRandom('tokens'));
    expect([shapeOf(extended, EMBEDDING)[0], shapeOf(extended, HEAD)[0]]).toEqual([520, 520]);
    const copied = copyTensors(sibling, dense, /gate_proj/);
    expect(valuesOf(copied, GATE)).toEqual(valuesOf(dense, GATE));
    expect(valuesOf(copied, EMBEDDING)).toEqual(valuesOf(sibling, EMBEDDING));
    expect(() => copyTensors(sibling, dense, /nothing/)).toThrow(RangeError);
    const alike = elementCorrelations(sibling, matchMoments(sibling, dense)).get('mlp');
    expect(alike).toBeGreaterThan(0.99);
    const shuffled = valuesOf(shuffleElements(dense, seededRandom('shuffled')), GATE);
    expect(shuffled).not.toEqual(valuesOf(dense, GATE));
    expect(shuffled.slice().sort()).toEqual(valuesOf(dense, GATE).slice().sort());
  });
});
