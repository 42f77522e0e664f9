import { createWasmBackend } from '@jokbo/kernels';
import { stouffer, traceMoments } from '@jokbo/statistics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allPermutations, momentsOfZ } from '../specs/permutations.js';
import { shuffleExperts, takeFeatures } from '../specs/rearranged.js';
import { gaussianWeights, syntheticModel, TINY, type Weight } from '../specs/synthetic-model.js';
import { zooWeights } from '../specs/zoo-weights.js';
import { expertAxisEvidence } from './expert-axis.js';
import { IDENTITY_MAP } from './layer-map.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const SHAPE = { ...TINY, experts: 8 };

function axis(a: readonly Weight[], b: readonly Weight[], groups = 1, shape = SHAPE) {
  const model = (id: string, weights: readonly Weight[]) => {
    const made = syntheticModel(id, weights, { shape });
    const architecture = groups === 1 ? made.architecture : { ...made.architecture, routingGroups: groups };
    return { ...made, architecture };
  };
  const comparison = {
    component: 'router' as const,
    subject: model('a', a),
    reference: model('b', b),
    backend,
  };
  return expertAxisEvidence(comparison, IDENTITY_MAP);
}

const routers = (weights: readonly Weight[]) => weights.filter(({ role }) => role === 'moe.router');

/** Residual dimensions × the chosen experts. */
function overExperts(weight: Weight | undefined, chosen: readonly number[]) {
  if (weight === undefined) throw new Error('no router');
  const [, width = 0] = weight.shape;
  const values = new Float64Array(width * chosen.length);
  values.forEach((_, at) => {
    values[at] =
      weight.values[(chosen[at % chosen.length] ?? 0) * width + Math.floor(at / chosen.length)] ?? NaN;
  });
  return { values, features: width, units: chosen.length };
}

describe('expertAxisEvidence', () => {
  const a = gaussianWeights('a', SHAPE);
  const b = gaussianWeights('b', SHAPE);

  it('is the Stouffer sum of one trace test over the experts of each group and layer', async () => {
    for (const groups of [
      [[0, 1, 2, 3, 4, 5, 6, 7]],
      [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
      ],
    ]) {
      const z = [0, 1].flatMap((layer) =>
        groups.map(
          (chosen) =>
            traceMoments(overExperts(routers(a)[layer], chosen), overExperts(routers(b)[layer], chosen))?.z ??
            NaN,
        ),
      );
      const record = await axis(a, b, groups.length);
      expect(record.z).toBeCloseTo(stouffer(z) ?? NaN, 10);
      expect(record).toMatchObject({
        tier: 2,
        primary: false,
        tensors: 2,
        details: { groups: z.length, routing_groups: groups.length },
      });
    }
  });

  it('has z of mean 0 and variance 1 when experts trade places inside their group', async () => {
    const shape = { ...TINY, width: 6, layers: 1, experts: 8 };
    const [left, right] = [routers(gaussianWeights('left', shape)), routers(gaussianWeights('right', shape))];
    const inGroup = allPermutations(4);
    const z: (number | null)[] = [];
    for (const first of inGroup) {
      for (const second of inGroup) {
        const order = [...first, ...second.map((at) => at + 4)];
        z.push(
          (
            await axis(
              left,
              right.map((router) => takeFeatures(router, order)),
              2,
              shape,
            )
          ).z,
        );
      }
    }
    expect(z).toHaveLength(576);
    expect(momentsOfZ(z).mean).toBeCloseTo(0, 9);
    expect(momentsOfZ(z).square).toBeCloseTo(1, 9);
  });

  it('reaches its ceiling for a copy, and nothing where experts are shuffled', async () => {
    const { weights } = await zooWeights('refs/mixtral-mini');
    const shape = { ...TINY, width: 128, layers: 4, experts: 8 };
    const copy = await axis(weights, weights, 1, shape);
    expect(copy.r).toBeCloseTo(1, 9);
    expect(copy.z).toBeGreaterThan(8);
    expect(copy.z).toBeLessThanOrEqual(copy.ceiling ?? NaN);
    expect(Math.abs((await axis(shuffleExperts(weights, 8), weights, 1, shape)).z ?? NaN)).toBeLessThan(4);
  });

  it('does not apply to other numbers of experts, nor to groups of fewer than four', async () => {
    const fewer = gaussianWeights('fewer', { ...SHAPE, experts: 6 });
    expect(await axis(a, fewer)).toMatchObject({
      status: 'not_applicable',
      reason: 'expert-count-differs',
      z: null,
    });
    expect(await axis(a, b, 4)).toMatchObject({
      status: 'not_applicable',
      reason: 'routing-group-too-small',
    });
  });
});
