import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shuffleBlocks, withNoise } from '../specs/copies.js';
import { expertOrder, shuffleExperts, upcycleExperts } from '../specs/rearranged.js';
import { syntheticModel, TINY, type Weight } from '../specs/synthetic-model.js';
import { zooWeights, type ZooWeights } from '../specs/zoo-weights.js';
import { expertCells, expertLayerMaps } from './expert-maps.js';
import { hiddenTraceEvidence } from './hidden-trace.js';
import { IDENTITY_MAP } from './layer-map.js';
import { matchRouters, shuffledExpertsEvidence } from './shuffled-experts.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
let mixtral: ZooWeights;
let phi: ZooWeights;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
  [mixtral, phi] = [await zooWeights('refs/mixtral-mini'), await zooWeights('refs/phi-moe-mini')];
});
afterAll(() => backend.close());

const SHAPE = { ...TINY, width: 128, layers: 4, experts: 8 };

function comparisonOf(a: readonly Weight[], b: readonly Weight[]) {
  const subject = syntheticModel('a', a, { shape: SHAPE });
  const reference = syntheticModel('b', b, { shape: SHAPE });
  return { component: 'experts' as const, subject, reference, backend };
}

async function shuffled(a: readonly Weight[], b: readonly Weight[]) {
  const comparison = comparisonOf(a, b);
  const cells = await expertCells(comparison, IDENTITY_MAP);
  return { cells, record: await shuffledExpertsEvidence(comparison, IDENTITY_MAP, cells) };
}

describe('shuffledExpertsEvidence', () => {
  it('finds the order of shuffled experts by routers alone, and other tensors under it', async () => {
    const copy = withNoise(shuffleExperts(mixtral.weights, 8), 0.5);
    const inPlace = await hiddenTraceEvidence(comparisonOf(copy, mixtral.weights));
    expect(inPlace.z).toBeLessThan(15);
    const routers = await matchRouters(comparisonOf(copy, mixtral.weights), IDENTITY_MAP);
    expect(routers).toHaveLength(4);
    for (const { layer, experts } of routers) {
      expect([...experts.values()]).toEqual(expertOrder(layer, 8));
    }
    const { record } = await shuffled(copy, mixtral.weights);
    expect(record).toMatchObject({ status: 'measured', tier: 2, primary: false });
    expect(record.z).toBeGreaterThan(40);
    expect(record.r).toBeGreaterThan(0.8);
    expect(record.details).toMatchObject({ layers: 4, procedure_p: 0.001, procedure_permutations: 999 });
    expect(record.details.expert_map).toBe(expertOrder(0, 8).join(','));
    expect(Number(record.details.residual_z)).toBeGreaterThan(40);
    const [block] = record.blocks;
    expect(block?.reference_key.split('|')[3]).toBe(
      String(expertOrder(0, 8)[Number((block?.key ?? '').split('|')[3])]),
    );
  });

  it('says by cells what hidden units in another order hide from traces', async () => {
    const copy = shuffleBlocks(mixtral.weights);
    const { cells, record } = await shuffled(copy, mixtral.weights);
    expect(Math.abs(record.z ?? NaN)).toBeLessThan(6);
    expect(record.details).toMatchObject({ cell_experts: 32, cell_experts_matched: 32, procedure_p: 0.001 });
    for (const { layer, best } of cells) expect(best).toEqual(expertOrder(layer, 8));
    const maps = expertLayerMaps(cells);
    expect(maps.map(({ role }) => role)).toContain('experts of layer 0 × 0');
    expect(maps[0]).toMatchObject({ rows: 8, columns: 8, statistic: 'gram' });
    expect(maps[0]?.alignment?.patterns).toEqual(['re-ordered']);
  });

  it('traces up-cycled experts to the ones they were copied from', async () => {
    const { cells, record } = await shuffled(
      withNoise(upcycleExperts(mixtral.weights, 8), 0.3),
      mixtral.weights,
    );
    expect(record.details.cell_map).toBe('expert j from j mod 8');
    expect(record.details.cell_layers_with_that_map).toBe(4);
    expect(record.z).toBeGreaterThan(40);
    expect(cells[0]?.rows).toHaveLength(16);
    expect(expertLayerMaps(cells)[0]?.alignment?.patterns).toEqual(['duplicated']);
  });

  it('matches independent experts no better than chance, and finds nothing under the map', async () => {
    const { cells, record } = await shuffled(phi.weights, mixtral.weights);
    expect(Number(record.details.procedure_p)).toBeGreaterThan(0.01);
    expect(Number(record.details.matched_cosine)).toBeGreaterThan(0.08);
    expect(Math.abs(record.z ?? NaN)).toBeLessThan(4);
    expect(Math.abs(Number(record.details.residual_z))).toBeLessThan(4);
    expect(cells.flatMap(({ best }) => best).every((expert) => expert === null)).toBe(true);
  });

  it('looks at nothing but routers for the map', async () => {
    const foreign = mixtral.weights.map((weight) => {
      const other = phi.weights.find(
        ({ role, layer, expert }) =>
          role === weight.role && layer === weight.layer && expert === weight.expert,
      );
      return weight.expert === null || other === undefined ? weight : other;
    });
    const routers = await matchRouters(
      comparisonOf(shuffleExperts(mixtral.weights, 8), foreign),
      IDENTITY_MAP,
    );
    for (const { layer, experts } of routers) expect([...experts.values()]).toEqual(expertOrder(layer, 8));
    const { record } = await shuffled(shuffleExperts(mixtral.weights, 8), foreign);
    expect(Math.abs(record.z ?? NaN)).toBeLessThan(4);
  });

  it('does not apply without routers', async () => {
    const none = mixtral.weights.filter(({ role }) => role !== 'moe.router');
    const { record } = await shuffled(none, mixtral.weights);
    expect(record).toMatchObject({ status: 'not_applicable', reason: 'no-matched-routers', z: null });
  });
});
