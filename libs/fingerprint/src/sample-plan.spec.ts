import type { Checkpoint, Vocabulary } from '@jokbo/contracts';
import { readCheckpoint } from '@jokbo/models';
import { openStore } from '@jokbo/storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largeModel } from '../specs/large-model.js';
import { ZOO } from '../specs/zoo.js';
import {
  DEFAULT_FEATURES,
  evenLevel,
  factorShape,
  planSample,
  type CheckpointSample,
} from './sample-plan.js';

/** `count` tokens of three bytes each; `shift` renumbers them. */
function vocabulary(count: number, shift = 0): Vocabulary {
  const bytesById = new Map(
    Array.from({ length: count }, (_, at) => [(at + shift) % count, at.toString(16).padStart(6, '0')]),
  );
  return { size: count, bytesById, digest: `${count}-${shift}` };
}

const WIDTH = 4096;
const large = largeModel({ layers: 48, experts: 128, width: WIDTH, vocabulary: vocabulary(151_000) });
const sample = planSample(large);

function keptOf(
  plan: CheckpointSample,
  checkpoint: Checkpoint,
  role: RegExp,
): Map<string, readonly number[]> {
  const kept = new Map<string, readonly number[]>();
  for (const tensor of checkpoint.tensors) {
    const found = plan.plans.get(tensor.key);
    if (found === undefined || !role.test(tensor.role)) continue;
    const all = Array.from({ length: found.summary.of }, (_, index) => index);
    kept.set(tensor.key, found.indices ?? all);
  }
  return kept;
}

function distinct(kept: ReadonlyMap<string, readonly number[]>): string[] {
  return [...new Set([...kept.values()].map((indices) => indices.join()))];
}

const featuresOf = (plan: CheckpointSample): number =>
  [...plan.plans.values()].reduce((sum, { summary }) => sum + summary.features, 0);

describe('the sample of a model of 100 billion parameters', () => {
  it('stays within a few times the budget, and leaves no kept tensor without power', () => {
    const parameters = large.tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0);
    expect(parameters).toBeGreaterThan(1e11);
    expect(featuresOf(sample)).toBeLessThan(3 * DEFAULT_FEATURES);
    expect(featuresOf(sample)).toBeGreaterThan(DEFAULT_FEATURES / 2);
    for (const { summary, indices } of sample.plans.values()) {
      expect(summary.features).toBe(indices?.length ?? summary.of);
      expect(summary.features).toBeGreaterThanOrEqual(Math.min(16, summary.of));
    }
  });

  it('grows and shrinks with the budget', () => {
    const [small, big] = [4096, 262_144].map((features) => featuresOf(planSample(large, features)));
    expect(small).toBeLessThan(featuresOf(sample));
    expect(big).toBeGreaterThan(4 * featuresOf(sample));
    expect(big).toBeLessThan(3 * 262_144);
  });

  it('keeps routers and norms whole', () => {
    const whole = large.tensors.filter(({ role }) => /norm|router/.test(role));
    expect(whole).toHaveLength(1 + 2 * 48);
    for (const { key } of whole) expect(sample.plans.get(key)?.indices).toBeNull();
  });

  it('takes the same hidden units of dense, shared and routed blocks of one width', () => {
    const [shared] = keptOf(sample, large, /^moe\.shared\./).values();
    const [routed] = keptOf(sample, large, /^moe\.expert\./).values();
    if (shared === undefined || routed === undefined) throw new Error('no blocks were kept');
    const few = [shared, routed].sort((a, b) => a.length - b.length);
    expect(few[0]?.length).toBeGreaterThanOrEqual(16);
    expect(few[1]).toEqual(expect.arrayContaining([...(few[0] ?? [])]));
  });

  it('takes the same rows of every layer, and the same few experts', () => {
    for (const role of [/^attn\.q$/, /^attn\.k$/, /^attn\.v$/, /^attn\.o$/]) {
      const kept = keptOf(sample, large, role);
      expect([kept.size, distinct(kept).length]).toEqual([48, 1]);
    }
    const experts = large.tensors.filter(({ key, expert }) => expert !== null && sample.plans.has(key));
    const chosen = [...new Set(experts.map(({ expert }) => expert))];
    expect(chosen.length).toBeGreaterThan(1);
    expect(experts).toHaveLength(48 * 3 * chosen.length);
  });

  it('takes the same hidden units of gate, up and down', () => {
    for (const role of [/^moe\.expert\./, /^moe\.shared\./]) {
      const kept = keptOf(sample, large, role);
      expect(kept.size).toBeGreaterThanOrEqual(3 * 48);
      expect(distinct(kept)).toHaveLength(1);
    }
  });

  it('takes whole KV groups, the same of values and outputs', () => {
    for (const features of [4096, DEFAULT_FEATURES, 262_144]) {
      const plan = planSample(large, features);
      const [values = []] = keptOf(plan, large, /^attn\.v$/).values();
      const [outputs = []] = keptOf(plan, large, /^attn\.o$/).values();
      const groups = [...new Set(values.map((row) => Math.floor(row / 128)))];
      expect(values).toEqual(
        groups.flatMap((group) => Array.from({ length: 128 }, (_, at) => group * 128 + at)),
      );
      expect([...new Set(outputs.map((column) => Math.floor(column / 512)))]).toEqual(groups);
      expect(outputs.length % 128).toBe(0);
    }
  });

  it('keeps tokens by their bytes, whatever their numbers', () => {
    const renumbered = planSample({ ...large, tokenizer: vocabulary(151_000, 777) });
    const [embed, head] = ['embed', 'lm_head'].map((role) => sample.plans.get(`text|-|${role}|-|weight`));
    expect(embed?.summary).toEqual({
      features: DEFAULT_FEATURES / 8,
      units: WIDTH,
      of: 151_552,
      granule: 1,
      by: 'token',
    });
    expect(embed?.indices).toEqual(head?.indices);
    expect(sample.tokens).toEqual(embed?.indices?.map((id) => large.tokenizer?.bytesById.get(id)));
    expect([...(renumbered.tokens ?? [])].sort()).toEqual([...(sample.tokens ?? [])].sort());
    expect(renumbered.tokens).not.toEqual(sample.tokens);
  });

  it('names embedding rows by index without a tokenizer', () => {
    const plan = planSample({ ...large, tokenizer: null });
    expect(plan.tokens).toBeNull();
    expect(plan.plans.get('text|-|embed|-|weight')?.summary).toMatchObject({ by: 'index', features: 4096 });
  });
});

/** Rows that both keep are all rows of the one that keeps fewer. */
function expectNested(
  a: ReadonlyMap<string, readonly number[]>,
  b: ReadonlyMap<string, readonly number[]>,
): void {
  let shared = 0;
  for (const [key, first] of a) {
    const second = b.get(key);
    if (second === undefined) continue;
    shared += 1;
    const [fewer, more] = first.length < second.length ? [first, second] : [second, first];
    const held = new Set(more);
    expect(fewer.every((index) => held.has(index))).toBe(true);
  }
  expect(shared).toBeGreaterThan(0);
}

describe('samples of different models', () => {
  it('are nested across budgets, experts included', () => {
    const keys = [2048, 8192, DEFAULT_FEATURES, 300_000].map((features) =>
      keptOf(planSample(large, features), large, /./),
    );
    for (const [at, smaller] of keys.entries()) {
      for (const larger of keys.slice(at + 1)) {
        expect([...smaller.keys()].filter((key) => !larger.has(key))).toEqual([]);
        expectNested(smaller, larger);
      }
    }
  });

  it('overlap although depth, experts and names differ', () => {
    const other = largeModel({ layers: 30, experts: 64, width: WIDTH, vocabulary: vocabulary(100_000) });
    const renamed = {
      ...other,
      tensors: other.tensors.map((tensor) => ({ ...tensor, stored: `x.${tensor.stored}` })),
    };
    expect(planSample(renamed)).toEqual(planSample(other));
    expectNested(keptOf(sample, large, /^attn|^moe\.shared|norm/), keptOf(planSample(other), other, /./));
  });

  it('depend on the length of the axis', () => {
    const wide = large.tensors.find(({ role }) => role === 'attn.q');
    if (wide === undefined) throw new Error('no queries');
    const only = (features: number): readonly number[] | null | undefined =>
      planSample({ ...large, tensors: [{ ...wide, shape: [features, WIDTH] }] }, 512).plans.get(wide.key)
        ?.indices;
    expect(only(4096)).toHaveLength(128);
    expect(only(4096)).not.toEqual(only(4095));
  });
});

describe('the sample of a small model', () => {
  it.each(['refs/glm-air-mini', 'refs/mixtral-mini', 'refs/qwen-vl-mini', 'refs/deepseek-v3-mini'])(
    'is all of %s but the rows of special tokens',
    async (path) => {
      const store = openStore(`${ZOO}${path}`);
      const checkpoint = await readCheckpoint(store, store.uri);
      const { plans, tokens } = planSample(checkpoint);
      const expected = checkpoint.tensors.filter(
        (tensor) => factorShape(tensor) !== null && tensor.component !== null,
      );
      expect([...plans.keys()].sort()).toEqual(expected.map(({ key }) => key).sort());
      expect(plans.size).toBeGreaterThan(30);
      for (const { summary, indices } of plans.values()) {
        if (summary.by === 'index') expect(indices).toBeNull();
        else expect(indices).toHaveLength(new Set(checkpoint.tokenizer?.bytesById.values()).size);
      }
      expect(tokens?.length).toBeGreaterThan(100);
      await store.close();
    },
  );

  it('is all of any model without a budget', () => {
    const model = largeModel({ layers: 2, experts: 8, width: 64, vocabulary: null });
    const { plans } = planSample(model, Number.POSITIVE_INFINITY);
    expect(plans.size).toBe(model.tensors.length);
    expect([...plans.values()].every(({ indices }) => indices === null)).toBe(true);
  });
});

describe('evenLevel', () => {
  it('is the largest level whose sum stays within the budget', () => {
    const sizes = fc.array(fc.nat(500), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(sizes, fc.nat(5000), (list, budget) => {
        const sum = (level: number): number => list.reduce((total, size) => total + Math.min(size, level), 0);
        const level = evenLevel(list, budget);
        expect(sum(level)).toBeLessThanOrEqual(budget);
        if (level < Math.max(...list)) expect(sum(level + 1)).toBeGreaterThan(budget);
      }),
    );
  });
});
