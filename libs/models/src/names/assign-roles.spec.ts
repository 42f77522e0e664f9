import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedCheckpoint } from '@jokbo/contracts';
import type { NameRules } from './parse-name.js';
import { assignRoles } from './assign-roles.js';

/** Architecture → [published name, canonical key]; null for names that must stay unmapped. */
const published = JSON.parse(
  readFileSync(new URL('../fixtures/published-names.json', import.meta.url), 'utf8'),
) as Record<string, readonly (readonly [string, string | null])[]>;

const LAYERS: Readonly<Record<string, number>> = { glm4_moe: 46, deepseek_v3: 61 };
const RULES: NameRules = { layers: null, renamed: true, encoder: null };

/** ChatGLM's fused projection shows in its shape only. */
function shapeOf(architecture: string, name: string): readonly number[] {
  if (architecture !== 'chatglm' || !name.includes('4h')) return [];
  return name.includes('4h_to_h') ? [4096, 13696] : [27392, 4096];
}

function rolesOf(names: readonly string[]): Record<string, string> {
  const { assigned } = assignRoles(
    names.map((name) => ({ name, shape: [] })),
    RULES,
  );
  return Object.fromEntries(assigned.map(({ stored, role }) => [stored, role]));
}

describe('assignRoles', () => {
  it.each(Object.keys(published))(
    'maps the published names of %s, with and without synonyms',
    (architecture) => {
      const expected = new Map(published[architecture]);
      for (const renamed of [false, true]) {
        const { assigned, unmapped } = assignRoles(
          [...expected.keys()].map((name) => ({ name, shape: shapeOf(architecture, name) })),
          { layers: LAYERS[architecture] ?? null, renamed, encoder: null },
        );
        const found = new Map<string, string | null>(assigned.map(({ stored, key }) => [stored, key]));
        for (const name of unmapped) found.set(name, null);
        expect(found).toEqual(expected);
      }
    },
  );

  it('holds 582 published names', () => {
    expect(Object.values(published).flat()).toHaveLength(582);
    expect(published['negative']).toHaveLength(7);
  });

  it('maps every name of a 91,991-tensor model: DeepSeek-V3 in block FP8 with its prediction layer', () => {
    const names = deepseekNames();
    const { assigned, unmapped } = assignRoles(
      names.map((name) => ({ name, shape: [] })),
      { layers: 61, renamed: true, encoder: null },
    );
    expect(names).toHaveLength(91_991);
    expect(unmapped).toEqual([]);
    expect(assigned.filter(({ scope }) => scope === 'mtp').every(({ layer }) => layer === 0)).toBe(true);
  });

  it('settles norms from the layer they stand in', () => {
    const post = 'model.layers.0.post_attention_layernorm.weight';
    const input = 'model.layers.0.input_layernorm.weight';
    expect(rolesOf([post, input])[post]).toBe('norm.pre_ffn');
    expect(rolesOf([post])[post]).toBe('norm.post_attn');
    expect(rolesOf([post, input, 'model.layers.0.pre_mlp_layernorm.weight'])[post]).toBe('norm.post_attn');
  });

  it('reads w1 as gate, except in Qwen-1 and in blocks without gate', () => {
    const base = 'transformer.h.0.mlp.';
    expect(rolesOf([`${base}w1.weight`, `${base}w2.weight`, `${base}w3.weight`])[`${base}w1.weight`]).toBe(
      'mlp.gate',
    );
    const qwen = rolesOf([`${base}w1.weight`, `${base}w2.weight`, `${base}c_proj.weight`]);
    expect([qwen[`${base}w1.weight`], qwen[`${base}w2.weight`]]).toEqual(['mlp.up', 'mlp.gate']);
    expect(rolesOf([`${base}w1.weight`, `${base}w2.weight`])[`${base}w1.weight`]).toBe('mlp.up');
  });

  it('tells a dense gate from a router by the shape of the projection beside it', () => {
    const tensors = (gate: readonly number[]) => [
      { name: 'layers.0.mlp.gate.weight', shape: gate },
      { name: 'layers.0.mlp.up.weight', shape: [96, 128] },
      { name: 'layers.0.mlp.down.weight', shape: [128, 96] },
    ];
    expect(assignRoles(tensors([96, 128]), RULES).assigned[0]?.role).toBe('mlp.gate');
    expect(assignRoles(tensors([8, 128]), RULES).assigned[0]?.role).toBe('moe.router');
  });

  it('takes an orphan `scale` of a norm for its weight, and one beside a weight for a companion', () => {
    const tensors = ['layers.0.attn_norm.scale', 'layers.0.ffn.w1.scale', 'layers.0.ffn.w1.weight'];
    const { assigned } = assignRoles(
      tensors.map((name) => ({ name, shape: [128] })),
      RULES,
    );
    expect(assigned.map(({ part }) => part)).toEqual(['weight', 'scale', 'weight']);
  });

  it('keeps the vision merger in the tower, and projectors of two modalities apart', () => {
    const { assigned } = assignRoles(
      [
        'model.visual.merger.mlp.0.weight',
        'model.vision_projector.weight',
        'model.audio_projector.weight',
      ].map((name) => ({ name, shape: [] })),
      RULES,
    );
    expect(assigned.map(({ key }) => key)).toEqual([
      'vision|-|merger.mlp.0|-|weight',
      'projector|-|linear|-|weight',
      'projector|-|audio.linear|-|weight',
    ]);
  });

  it('keeps encoder and decoder layers apart when they are two towers', () => {
    const names = [
      'model.encoder.layers.0.self_attn.q_proj.weight',
      'model.decoder.layers.0.self_attn.q_proj.weight',
    ];
    expect(() => rolesOf(names)).toThrow(MalformedCheckpoint);
    const { assigned } = assignRoles(
      names.map((name) => ({ name, shape: [] })),
      { ...RULES, encoder: 'text' },
    );
    expect(assigned.map(({ key }) => key)).toEqual([
      'text|0|encoder.attn.q|-|weight',
      'text|0|attn.q|-|weight',
    ]);
  });

  it('refuses two tensors of one meaning', () => {
    expect(() => rolesOf(['model.embed_tokens.weight', 'embed_tokens.weight'])).toThrow(
      expect.objectContaining({ rule: 'duplicate-role', tensor: 'embed_tokens.weight' }),
    );
  });

  it.each([
    ['transformer.blocks.3.attention.query.weight', 'attn.q'],
    ['blocks.3.ffn.experts.0.w1.weight', 'moe.expert.gate'],
    ['decoder.blocks.3.moe.experts.7.down.weight', 'moe.expert.down'],
    ['net.layers.3.mlp.up.weight', null],
    ['transformer.blocks.3.rms_1.weight', 'norm.pre_attn'],
    ['transformer.blocks.3.rms_2.weight', 'norm.pre_ffn'],
    ['model.token_embedding.weight', 'embed'],
    ['blk.3.attn_q.weight', 'attn.q'],
    ['blk.3.ffn_gate_inp.weight', 'moe.router'],
    ['layers.3.attn.to_k.weight', 'attn.k'],
    ['layers.3.linear1.weight', null],
    ['layers.3.proj.weight', null],
    ['layers.03.attention.wq.weight', null],
    ['layers.3.ffn.experts.007.w1.weight', null],
    ['model.layers.3.self_attn.q_proj.weight#', null],
  ])('reads the renamed %s as %s', (name, role) => {
    expect(rolesOf([name])[name] ?? null).toBe(role);
  });

  it('gives any names either distinct keys or a typed error, quickly', () => {
    const segment = fc.oneof(
      fc.constantFrom(
        ...'model layers h 0 1 007 self_attn mlp experts weight bias scale q_proj mtp'.split(' '),
      ),
      fc.string({ maxLength: 12 }),
    );
    const name = fc.oneof(
      fc.array(segment, { minLength: 1, maxLength: 9 }).map((segments) => segments.join('.')),
      fc.nat({ max: 4000 }).map((count) => 'model.'.repeat(count)),
      fc.nat({ max: 4000 }).map((count) => 'layers.0.'.repeat(count)),
    );
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 30 }), (names) => {
        try {
          const { assigned, unmapped } = assignRoles(
            names.map((text) => ({ name: text, shape: [] })),
            RULES,
          );
          expect(assigned.length + unmapped.length).toBe(names.length);
          expect(new Set(assigned.map(({ key }) => key)).size).toBe(assigned.length);
        } catch (error) {
          expect(error).toMatchObject({ rule: 'duplicate-role' });
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** Names of DeepSeek-V3 as published: 61 layers, 3 of them dense, one prediction layer, FP8 linears. */
function deepseekNames(): readonly string[] {
  const names = ['model.embed_tokens.weight', 'model.norm.weight', 'lm_head.weight'];
  for (let layer = 0; layer <= 61; layer += 1) {
    const linear = (name: string) => names.push(`${at}${name}.weight`, `${at}${name}.weight_scale_inv`);
    const at = `model.layers.${layer}.`;
    for (const name of ['q_a_proj', 'q_b_proj', 'kv_a_proj_with_mqa', 'kv_b_proj', 'o_proj'])
      linear(`self_attn.${name}`);
    for (const name of [
      'self_attn.q_a_layernorm',
      'self_attn.kv_a_layernorm',
      'input_layernorm',
      'post_attention_layernorm',
    ]) {
      names.push(`${at}${name}.weight`);
    }
    if (layer < 3) for (const name of ['gate', 'up', 'down']) linear(`mlp.${name}_proj`);
    else {
      names.push(`${at}mlp.gate.weight`, `${at}mlp.gate.e_score_correction_bias`);
      for (const expert of [
        'shared_experts',
        ...Array.from({ length: 256 }, (_, index) => `experts.${index}`),
      ]) {
        for (const name of ['gate', 'up', 'down']) linear(`mlp.${expert}.${name}_proj`);
      }
    }
    if (layer < 61) continue;
    for (const name of [
      'enorm',
      'hnorm',
      'eh_proj',
      'shared_head.norm',
      'shared_head.head',
      'embed_tokens',
    ]) {
      names.push(`${at}${name}.weight`);
    }
  }
  return names;
}
