import { createWasmBackend } from '@jokbo/kernels';
import type { Component } from '@jokbo/contracts';
import { controlMargins } from '@jokbo/statistics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shuffleBlocks, withNoise } from '../specs/copies.js';
import { allPermutations } from '../specs/permutations.js';
import { takeFeatures, takeHidden } from '../specs/rearranged.js';
import { gaussianWeights, syntheticModel, TINY, type Weight } from '../specs/synthetic-model.js';
import { zooWeights, type ZooWeights } from '../specs/zoo-weights.js';
import { IDENTITY_MAP } from './layer-map.js';
import { matchedUnitsEvidence } from './matched-units.js';
import { matchedUnitsMaps } from './matched-units-maps.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
let llama: ZooWeights;
let other: ZooWeights;
let third: ZooWeights;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
  llama = await zooWeights('refs/llama-mini-s0');
  other = await zooWeights('refs/llama-mini-s1');
  third = await zooWeights('refs/llama-mini-s2');
});
afterAll(() => backend.close());

const LLAMA = { ...TINY, width: 128, layers: 4, hidden: 96, experts: 0 };

function comparisonOf(
  a: readonly Weight[],
  b: readonly Weight[],
  shape = LLAMA,
  component: Component = 'mlp',
) {
  const subject = syntheticModel('a', a, { shape });
  const reference = syntheticModel('b', b, { shape });
  return { component, subject, reference, backend };
}

const matched = (a: readonly Weight[], b: readonly Weight[], shape = LLAMA) =>
  matchedUnitsEvidence(comparisonOf(a, b, shape), { map: IDENTITY_MAP });

describe('matchedUnitsEvidence', () => {
  it('has the exact law of fixed points over all permutations of the hidden units', async () => {
    const shape = { ...TINY, width: 12, layers: 1, hidden: 5, experts: 0 };
    const [a, b] = [gaussianWeights('units a', shape), gaussianWeights('units b', shape)];
    const counts = new Map<number, number>();
    const agreements = new Set<number>();
    for (const order of allPermutations(5)) {
      const permuted = b.map((weight) => (/^mlp\./.test(weight.role) ? takeFeatures(weight, order) : weight));
      const record = await matched(a, permuted, shape);
      const found = Number(record.details.up_fixed);
      counts.set(found, (counts.get(found) ?? 0) + 1);
      agreements.add(Number(record.details.match_fixed));
    }
    // Rencontres numbers of five elements.
    expect([0, 1, 2, 3, 4, 5].map((k) => counts.get(k) ?? 0)).toEqual([44, 45, 20, 10, 0, 1]);
    expect(agreements.size).toBe(1);
  });

  it('finds every unit of a trained block whose units were permuted, which order-bound matching does not', async () => {
    const record = await matched(withNoise(shuffleBlocks(llama.weights), 0.5), llama.weights);
    expect(record).toMatchObject({ status: 'measured', tier: 1, primary: false, log10_p: null });
    expect(record.r).toBeCloseTo(1, 2);
    expect(Number(record.details.match_fixed)).toBeGreaterThan(350);
    expect(Number(record.details.match_fixed_log10_p)).toBeLessThan(-300);
    expect(Number(record.details.match_log10_p)).toBeLessThan(-300);
    expect(Number(record.details.up_fixed)).toBeLessThan(20);
    expect(Number(record.details.up_log10_p)).toBeGreaterThan(-6);
  });

  it('matches a pruned block into the wider one', async () => {
    const pruned = withNoise(takeHidden(llama.weights, 0.5), 0.3);
    const record = await matched(pruned, llama.weights);
    expect(record.units).toBe(4 * 48);
    expect(record.details).toMatchObject({ up_fixed: null, up_log10_p: null });
    expect(Number(record.details.match_fixed)).toBeGreaterThan(180);
    expect(record.details.match_fixed_expected).toBeCloseTo(2, 9);
    const reversed = await matched(llama.weights, pruned);
    expect(reversed.details.match_fixed).toBe(record.details.match_fixed);
  });

  it('stays near chance for independent models, whose blocks a control at the same depths calibrates', async () => {
    const record = await matched(other.weights, llama.weights);
    const control = await matched(third.weights, llama.weights);
    expect(Math.abs(record.z ?? NaN)).toBeLessThan(4);
    expect(Number(record.details.match_fixed_log10_p)).toBeGreaterThan(-4);
    expect(record.details.calibration).toBe('independent control at the same depths');
    const z = (of: typeof record) => of.blocks.map((block) => block.z ?? NaN);
    expect(controlMargins(z(record), z(control), 1)?.log10P).toBeGreaterThan(-3);
    const copy = await matched(shuffleBlocks(llama.weights), llama.weights);
    expect(controlMargins(z(copy), z(control), 1)?.log10P).toBeLessThan(-8);
  });

  it('says so where the sample kept too few hidden units to find an order', async () => {
    const keys = [0, 1, 2, 3].flatMap((layer) =>
      ['gate', 'up', 'down'].map((role) => `text|${layer}|mlp.${role}|-|weight`),
    );
    const sampled = Object.fromEntries(keys.map((key) => [key, [1, 2, 3, 5, 8]]));
    const model = (id: string, weights: readonly Weight[]) =>
      syntheticModel(id, weights, { shape: LLAMA, sampled });
    const comparison = {
      component: 'mlp' as const,
      subject: model('a', llama.weights),
      reference: model('b', llama.weights),
      backend,
    };
    const record = await matchedUnitsEvidence(comparison, { map: IDENTITY_MAP });
    expect(record).toMatchObject({ status: 'not_applicable', reason: 'hidden-units-sampled', z: null });
  });
});

describe('matchedUnitsMaps', () => {
  it('puts permuted blocks on their diagonal, and nothing else', async () => {
    const [map] = await matchedUnitsMaps(comparisonOf(shuffleBlocks(llama.weights), llama.weights));
    expect(map).toMatchObject({ role: 'mlp.units', rows: 4, columns: 4, statistic: 'matching' });
    map?.z.forEach((z, at) => {
      if (at % 5 === 0) expect(z).toBeGreaterThan(9);
      else expect(Math.abs(z ?? NaN)).toBeLessThan(5);
    });
  });

  it('has none where there is no feed-forward block in common', async () => {
    const none = llama.weights.filter(({ component }) => component !== 'mlp');
    expect(await matchedUnitsMaps(comparisonOf(none, llama.weights))).toEqual([]);
  });
});
