import type { Component, EvidenceRecord, Method } from '@jokbo/contracts';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zooWeights } from '../specs/zoo-weights.js';
import { compareModels, type PairEvidence } from './compare-models.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

async function compared(subject: string, reference: string): Promise<PairEvidence> {
  const [a, b] = [await zooWeights(subject), await zooWeights(reference)];
  return compareModels(a.data, b.data, backend);
}

function recordOf({ records }: PairEvidence, component: Component, method: Method): EvidenceRecord {
  const found = records.filter((record) => record.component === component && record.method === method);
  const [record] = found;
  if (record === undefined || found.length > 1) throw new Error(`${found.length} ${method} of ${component}`);
  return record;
}

const shownRoles = ({ maps }: PairEvidence, component: Component): string[] =>
  maps.filter((map) => map.component === component).map(({ role }) => role);

describe('compareModels says where a pair is alike', () => {
  it('traces the up-cycled release to its predecessor: layers, heads, experts, hidden units', async () => {
    const pair = await compared('teams/c/exa2-mini', 'teams/c/exa-mini');
    const layers = [0, 0, 1, 2, 2, 3];
    for (const map of pair.maps.filter(({ component }) => component === 'attention')) {
      expect(map.alignment).toMatchObject({ best: layers, patterns: ['duplicated'], path_log10_p: -3 });
    }
    const ofExperts = pair.maps.filter(
      ({ role, statistic }) => role.startsWith('moe.expert') && statistic === 'trace',
    );
    expect(ofExperts).toHaveLength(3);
    for (const map of ofExperts) {
      expect(map.row_layers).toEqual([2, 3, 4, 5]);
      expect(map.alignment?.best).toEqual([1, 2, 2, 3]);
    }
    expect(recordOf(pair, 'attention', 'attention_heads')).toMatchObject({
      layer_map: layers.join(','),
      details: { heads: 120, heads_z8: 120, heads_moved: 0 },
    });
    const experts = recordOf(pair, 'experts', 'shuffled_experts');
    expect(experts).toMatchObject({ layer_map: '2:1,3:2,4:2,5:3' });
    expect(experts.details).toMatchObject({ cell_map: 'expert j from j mod 8', cell_experts_matched: 64 });
    expect(experts.z).toBeGreaterThan(60);
    expect(recordOf(pair, 'mlp', 'matched_units').r).toBe(1);
    expect(recordOf(pair, 'experts', 'matched_units').r).toBe(1);
    expect(recordOf(pair, 'router', 'expert_axis')).toMatchObject({
      status: 'not_applicable',
      reason: 'expert-count-differs',
    });
  });

  it('finds what team E put in another order: heads, experts and hidden units', async () => {
    const pair = await compared('teams/e/vae-mini', 'refs/glm-air-mini');
    const heads = recordOf(pair, 'attention', 'attention_heads');
    expect(heads).toMatchObject({ layer_map: 'identity', details: { heads: 140, heads_z8: 140 } });
    expect(Number(heads.details.heads_moved)).toBeGreaterThan(100);
    const experts = recordOf(pair, 'experts', 'shuffled_experts');
    expect(Number(experts.details.matched_cosine)).toBeGreaterThan(0.95);
    expect(experts.details).toMatchObject({ procedure_p: 0.001, cell_experts: 32, cell_experts_matched: 32 });
    expect(experts.details.expert_map).toBe(experts.details.cell_map);
    for (const component of ['mlp', 'experts'] as const) {
      expect(Math.abs(recordOf(pair, component, 'hidden_trace').z ?? NaN)).toBeLessThan(4);
      const units = recordOf(pair, component, 'matched_units');
      expect(units.r).toBe(1);
      expect(units.details.match_fixed).toBe(units.units);
      expect(Number(units.details.up_fixed_log10_p)).toBeGreaterThan(-3);
    }
  });

  it('shows no map of what costs more, and matches no experts, of an independent pair', async () => {
    const pair = await compared('refs/mixtral-mini', 'refs/phi-moe-mini');
    expect(shownRoles(pair, 'attention')).toHaveLength(4);
    expect(shownRoles(pair, 'norms')).toHaveLength(2);
    for (const component of ['mlp', 'router', 'experts'] as const)
      expect(shownRoles(pair, component)).toEqual([]);
    expect(pair.records.map(({ method }) => method)).not.toContain('shuffled_experts');
    for (const method of [
      'attention_heads',
      'expert_axis',
      'row_identity',
      'hidden_trace',
      'matched_units',
    ] as const) {
      const found = pair.records.filter((record) => record.method === method && record.status === 'measured');
      expect(found.length, method).toBeGreaterThan(0);
      for (const record of found) {
        expect(record.primary).toBe(false);
        expect(Math.abs(record.z ?? 0)).toBeLessThan(4);
      }
    }
    expect(recordOf(pair, 'attention', 'attention_heads').details).toMatchObject({ heads_z8: 0 });
  });

  it('says which share of a re-sharded copy is the same', async () => {
    const pair = await compared('variants/glm-air-mini-reshard', 'refs/glm-air-mini');
    for (const component of ['embedding', 'attention', 'mlp', 'router', 'experts', 'head'] as const) {
      expect(recordOf(pair, component, 'row_identity').details).toMatchObject({
        share_rows_identical: 1,
        share_in_equal_tensors: 1,
        share_in_neither: 0,
      });
    }
    expect(recordOf(pair, 'experts', 'row_identity').details).toMatchObject({
      experts: 32,
      experts_identical: 32,
    });
    expect(shownRoles(pair, 'experts')).toContain('experts of layer 1 × 1');
  });
});
