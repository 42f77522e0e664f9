import { createWasmBackend } from '@jokbo/kernels';
import { centreFeatures, mantelMoments, traceMoments, unitCross } from '@jokbo/statistics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shuffleHeads, withNoise } from '../specs/copies.js';
import { allPermutations, momentsOfZ } from '../specs/permutations.js';
import { takeDimensions } from '../specs/rearranged.js';
import {
  factorValues,
  gaussianWeights,
  syntheticModel,
  TINY,
  type TinyShape,
  type Weight,
} from '../specs/synthetic-model.js';
import { zooWeights } from '../specs/zoo-weights.js';
import { attentionHeadsEvidence } from './attention-heads.js';
import { createJointTrace } from './joint-trace.js';
import { IDENTITY_MAP } from './layer-map.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

function heads(
  a: readonly Weight[],
  b: readonly Weight[],
  options: {
    readonly shape?: TinyShape;
    readonly otherShape?: TinyShape;
    readonly matchHeads?: boolean;
    readonly sampled?: Readonly<Record<string, readonly number[] | null>>;
  } = {},
) {
  const { shape = TINY, otherShape = shape, matchHeads = false, sampled = {} } = options;
  const subject = syntheticModel('a', a, { shape, sampled });
  const reference = syntheticModel('b', b, { shape: otherShape, sampled });
  return attentionHeadsEvidence(
    { component: 'attention', subject, reference, backend },
    { map: IDENTITY_MAP, matchHeads },
  );
}

const subject = gaussianWeights('subject');
const reference = gaussianWeights('reference').map((weight, index) => ({
  ...weight,
  values: weight.values.map((x, at) => Math.fround(x + 0.3 * (subject[index]?.values[at] ?? NaN))),
}));

function headRows(weights: readonly Weight[], role: string, head: number) {
  const weight = weights.find((w) => w.role === role && w.layer === 0);
  if (weight === undefined) throw new Error(`no ${role}`);
  const { values, units } = factorValues(weight);
  const size = TINY.headDim * units;
  return { values: values.slice(head * size, (head + 1) * size), features: TINY.headDim, units };
}

describe('attentionHeadsEvidence', () => {
  it('is the trace test of the channels of each head', async () => {
    const record = await heads(subject, reference);
    expect(record).toMatchObject({ status: 'measured', tier: 2, primary: false });
    for (const [role, count] of [
      ['attn.q', TINY.heads],
      ['attn.k', TINY.kvHeads],
      ['attn.v', TINY.kvHeads],
      ['attn.o', TINY.heads],
    ] as const) {
      for (let head = 0; head < count; head += 1) {
        const wanted = traceMoments(headRows(subject, role, head), headRows(reference, role, head));
        const block = record.blocks.find(({ key }) => key === `text|0|${role}|-|weight|head ${head}`);
        expect(block?.z).toBeCloseTo(wanted?.z ?? NaN, 4);
        expect(block?.r).toBeCloseTo(wanted?.r ?? NaN, 9);
        expect(block?.parameters).toBe(TINY.headDim * TINY.width);
      }
    }
  });

  it('joins the heads of a layer under one permutation', async () => {
    const record = await heads(subject, reference);
    const builder = createJointTrace(TINY.width, backend);
    for (const role of ['attn.k', 'attn.o', 'attn.q', 'attn.v']) {
      const count = role === 'attn.k' || role === 'attn.v' ? TINY.kvHeads : TINY.heads;
      for (let head = 0; head < count; head += 1) {
        await builder.add(
          centreFeatures(headRows(subject, role, head)),
          centreFeatures(headRows(reference, role, head)),
        );
      }
    }
    const joint = await builder.finish();
    const layer = record.blocks.find(({ key }) => key === 'text|0|attn|-|weight');
    expect(layer?.z).toBeCloseTo(joint?.z ?? NaN, 4);
    expect(layer?.r).toBeCloseTo(joint?.r ?? NaN, 6);
  });

  it('has z of mean 0 and variance 1 over all permutations of the residual dimensions', async () => {
    const shape = { ...TINY, width: 5, layers: 1, heads: 2, kvHeads: 1, headDim: 3, experts: 0 };
    const a = gaussianWeights('tiny a', shape);
    const b = gaussianWeights('tiny b', shape);
    const layerZ: (number | null)[] = [];
    const headZ: (number | null)[] = [];
    for (const order of allPermutations(5)) {
      const { blocks } = await heads(
        a,
        b.map((weight) => takeDimensions(weight, order)),
        { shape },
      );
      layerZ.push(blocks.find(({ key }) => key === 'text|0|attn|-|weight')?.z ?? null);
      headZ.push(blocks.find(({ key }) => key === 'text|0|attn.q|-|weight|head 1')?.z ?? null);
    }
    for (const z of [layerZ, headZ]) {
      expect(momentsOfZ(z).mean).toBeCloseTo(0, 5);
      expect(momentsOfZ(z).square).toBeCloseTo(1, 5);
    }
  });

  it('falls back to a Mantel test per layer where the numbers of heads differ', async () => {
    const otherShape = { ...TINY, heads: 6 };
    const other = gaussianWeights('six heads', otherShape);
    const record = await heads(subject, other, { otherShape });
    const roles = record.skipped
      .filter(({ reason }) => reason === 'head-count-differs')
      .map(({ key }) => key.split('|')[2]);
    expect(new Set(roles)).toEqual(new Set(['attn.q', 'attn.o']));
    const gram = (weights: readonly Weight[], role: string) => {
      const [weight] = weights.filter((w) => w.role === role && w.layer === 1).map(factorValues);
      if (weight === undefined) throw new Error(`no ${role}`);
      return unitCross(weight, weight);
    };
    for (const role of ['attn.q', 'attn.o']) {
      const wanted = mantelMoments(gram(subject, role), gram(other, role), TINY.width);
      const block = record.blocks.find(({ key }) => key === `text|1|${role}|-|weight|gram`);
      expect(block?.z).toBeCloseTo(wanted?.z ?? NaN, 4);
    }
    expect(record.blocks.some(({ key }) => key === 'text|0|attn.k|-|weight|head 0')).toBe(true);
  });

  it('reads the channels that both samples kept', async () => {
    const rows = [0, 1, 9, 30];
    const sampled = { 'text|0|attn.q|-|weight': rows };
    const record = await heads(subject, reference, { sampled });
    const found = record.blocks.filter(({ key }) => key.startsWith('text|0|attn.q|'));
    expect(found.map(({ key }) => key.split('|').at(-1))).toEqual(['head 0', 'head 1', 'head 3']);
  });

  it('names the order of shuffled heads of a trained model, and not of an independent one', async () => {
    const { weights, data } = await zooWeights('refs/glm-air-mini');
    const { heads: count, kvHeads } = data.architecture;
    const shape = { ...TINY, width: 128, layers: 5, heads: count ?? 0, kvHeads: kvHeads ?? 0, headDim: 16 };
    const shuffled = withNoise(shuffleHeads(weights, shape.heads, shape.kvHeads), 0.5);
    const blind = await heads(shuffled, weights, { shape });
    const found = await heads(shuffled, weights, { shape, matchHeads: true });
    expect(Number(blind.details.heads_z8)).toBeLessThan(100);
    expect(found.details).toMatchObject({ heads: 140, heads_z8: 140 });
    expect(Number(found.details.heads_moved)).toBeGreaterThanOrEqual(140 - Number(blind.details.heads_z8));
    const moved = found.blocks.find(({ key, reference_key: other }) => key.includes('head') && key !== other);
    expect(moved?.r).toBeGreaterThan(0.85);
    const other = await heads(gaussianWeights('another', shape), weights, { shape, matchHeads: true });
    expect(other.details).toMatchObject({ heads_moved: 0, heads_z8: 0, head_maps: '' });
  });

  it('does not apply without heads', async () => {
    const none = subject.filter(({ role }) => !role.startsWith('attn.'));
    const record = await heads(none, reference);
    expect(record).toMatchObject({ status: 'not_applicable', reason: 'no-heads', z: null });
  });
});
