import type { Component, EvidenceRecord, Method } from '@jokbo/contracts';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pruneWidths, shuffleBlocks, shuffleHeads, withNoise } from './copies.js';
import { changed, permuteResidual, rotateResidual, withLayers } from './disguises.js';
import { gaussianWeights, keyOf, syntheticModel, TINY, type Weight } from './synthetic-model.js';
import { compareModels } from '../src/compare-models.js';
import { disguiseEvidence, type DisguiseEvidence } from '../src/disguise/index.js';
import { traceEvidence } from '../src/trace.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const SHAPE = { ...TINY, width: 48, hidden: 32, vocabulary: 256 };
const original = gaussianWeights('original', SHAPE);
const derivative = withNoise(original, 0.5);

type Options = Parameters<typeof syntheticModel>[2];

function compare(
  subject: readonly Weight[],
  reference: readonly Weight[] = original,
  options: Options = {},
): Promise<DisguiseEvidence> {
  return disguiseEvidence({
    subject: syntheticModel('subject', subject, { shape: SHAPE, ...options }),
    reference: syntheticModel('reference', reference, { shape: SHAPE, ...options }),
    backend,
  });
}

function of(
  { records }: Pick<DisguiseEvidence, 'records'>,
  method: Method,
  component: Component,
): EvidenceRecord {
  const found = records.find((record) => record.method === method && record.component === component);
  if (found === undefined) throw new Error(`no ${method} of ${component}`);
  return found;
}

describe('a permuted residual stream with signs', () => {
  it('gives the trace that the copy has without the disguise', async () => {
    const found = await compare(permuteResidual(derivative, true, SHAPE.width));
    for (const component of ['attention', 'mlp', 'experts', 'router'] as const) {
      const plain = await traceEvidence({
        component,
        subject: syntheticModel('derivative', derivative, { shape: SHAPE }),
        reference: syntheticModel('original', original, { shape: SHAPE }),
        backend,
      });
      const record = of(found, 'residual_permutation', component);
      expect(record.r).toBeCloseTo(plain.r ?? NaN, 2);
      expect(record.z).toBeGreaterThan(0.9 * (plain.z ?? NaN));
      expect(record).toMatchObject({ tier: 3, primary: false, log10_p: null, parameters: plain.parameters });
    }
    expect(of(found, 'residual_permutation', 'norms').r).toBeGreaterThan(0.8);
    expect(of(found, 'awm', 'attention').r).toBeGreaterThan(0.7);
    expect(of(found, 'mdir', 'embedding').r).toBeGreaterThan(0.8);
  });

  it('names and exports the permutation', async () => {
    const { records, maps } = await compare(permuteResidual(original, true, SHAPE.width));
    const map = maps.find(({ kind }) => kind === 'permutation');
    expect(map?.name).toBe('permutation with signs');
    const [part] = map?.parts ?? [];
    const embedding = original.find(({ role }) => role === 'embed')?.values ?? new Float64Array(0);
    const moved = permuteResidual(original, true, SHAPE.width).find(({ role }) => role === 'embed')?.values;
    const negative = Buffer.from(part?.signs ?? '', 'hex');
    part?.columns?.forEach((dimension, own) => {
      const sign = ((negative[Math.floor(own / 8)] ?? 0) & (0x80 >> (own % 8))) === 0 ? 1 : -1;
      expect(moved?.[own]).toBe(sign * (embedding[dimension ?? NaN] ?? NaN));
    });
    const record = records.find(({ method }) => method === 'residual_permutation');
    expect(record?.details.alignment_digest).toBe(map?.digest);
  });

  it('says identity of an undisguised derivative', async () => {
    const { maps } = await compare(derivative);
    expect(maps.map(({ kind, name }) => `${kind}: ${name}`)).toEqual([
      'permutation: identity',
      'hidden_units: identity',
      'hidden_units: identity',
      'hidden_units: identity',
      'hidden_units: identity',
      'rotation: identity',
      'heads: identity',
    ]);
  });
});

describe('a rotated residual stream with norms folded', () => {
  it('is undone by the polar factor, and leaves answers to tokens as they were', async () => {
    const plain = await compare(derivative);
    const found = await compare(rotateResidual(derivative, SHAPE.width));
    expect(found.maps.find(({ kind }) => kind === 'rotation')?.name).toBe('rotation');
    for (const component of ['attention', 'mlp', 'experts'] as const) {
      expect(of(found, 'residual_rotation', component).r).toBeGreaterThan(0.7);
      expect(of(found, 'residual_permutation', component).r).toBeLessThan(0.5);
    }
    for (const component of ['mlp', 'experts'] as const) {
      expect(of(found, 'rotated_hidden', component).z).toBeGreaterThan(20);
      const [a, b] = [of(plain, 'token_matching', component), of(found, 'token_matching', component)];
      // The copy is stored in f32.
      expect(b.z).toBeCloseTo(a.z ?? NaN, 3);
      expect(of(found, 'token_fixed_points', component).z).toBe(of(plain, 'token_fixed_points', component).z);
    }
    expect(of(found, 'huref', 'attention').r).toBeGreaterThan(0.3);
  });
});

describe('re-ordered hidden units, experts and heads under a rotation', () => {
  const shuffled = shuffleHeads(
    shuffleBlocks(rotateResidual(derivative, SHAPE.width)),
    SHAPE.heads,
    SHAPE.kvHeads,
  );
  it('are found by token answers and by the spaces of the heads', async () => {
    const found = await compare(shuffled);
    for (const component of ['mlp', 'experts'] as const) {
      expect(of(found, 'token_matching', component).r).toBeGreaterThan(0.6);
      expect(of(found, 'token_fixed_points', component).r).toBeGreaterThan(0.9);
      expect(Math.abs(of(found, 'rotated_hidden', component).z ?? NaN)).toBeLessThan(5);
    }
    expect(of(found, 'head_matching', 'attention').r).toBeGreaterThan(0.7);
    const experts = found.maps.find(({ name }) => name.includes('experts permuted'));
    expect(experts?.parts.map(({ key }) => key)).toContain('text|1|moe.expert|2|weight');
    expect(found.maps.find(({ kind }) => kind === 'heads')?.name).toBe('rotation, heads permuted');
  });

  it('leave fixed points even where up and down rows changed sign', async () => {
    const found = await compare(shuffleBlocks(rotateResidual(original, SHAPE.width), true));
    expect(Math.abs(of(found, 'token_matching', 'mlp').r ?? NaN)).toBeLessThan(0.4);
    expect(of(found, 'token_fixed_points', 'mlp').r).toBeGreaterThan(0.95);
    const map = found.maps.find(({ parts }) => parts[0]?.key === 'text|0|mlp|-|weight');
    // Every second unit changed its sign: 16 of 32 bits.
    let ones = 0;
    for (const byte of Buffer.from(map?.parts[0]?.signs ?? '', 'hex')) {
      ones += byte.toString(2).replaceAll('0', '').length;
    }
    expect(ones).toBe(16);
  });
});

describe('a pruned width', () => {
  it.each(['narrower', 'wider'])('is found where the subject is the %s one', async (side) => {
    const pruned = pruneWidths(derivative, 36, 0.75);
    const found = await (side === 'narrower' ? compare(pruned) : compare(original, pruned));
    expect(found.maps.find(({ kind }) => kind === 'permutation')?.name).toBe('width pruning');
    expect(of(found, 'residual_permutation', 'attention').r).toBeGreaterThan(0.75);
    expect(of(found, 'hidden_matching', 'mlp').r).toBeGreaterThan(0.75);
    expect(of(found, 'hidden_matching', 'mlp').details.alignment).toBe('hidden width pruning');
    expect(of(found, 'token_fixed_points', 'mlp').r).toBeGreaterThan(0.8);
    expect(of(found, 'mdir', 'embedding').reason).toBe('residual-width-differs');
  });
});

describe('a permuted or rotated residual stream with its layers in another order', () => {
  it.each([
    [
      'permuted',
      (weights: readonly Weight[]) => permuteResidual(weights, true, SHAPE.width),
      'residual_permutation',
    ],
    ['rotated', (weights: readonly Weight[]) => rotateResidual(weights, SHAPE.width), 'residual_rotation'],
  ] as const)('is followed layer by layer where it was %s', async (_, disguise, method) => {
    const found = await compare(disguise(withLayers(derivative, [1, 0])));
    for (const component of ['attention', 'mlp', 'experts'] as const) {
      const record = of(found, method, component);
      expect(record.layer_map, component).toBe('1,0');
      expect(record.r, component).toBeGreaterThan(0.6);
    }
    expect(of(found, 'token_fixed_points', 'mlp').layer_map).toBe('1,0');
  });

  it('is not looked for where the contiguous maps have every layer, nor in independent models', async () => {
    for (const subject of [derivative, gaussianWeights('another', SHAPE)]) {
      const record = of(await compare(subject), 'residual_permutation', 'attention');
      expect([record.layer_map, record.maps_tried]).toEqual(['identity', 1]);
    }
  });
});

describe('independent models', () => {
  it('share no fixed points through units that both leave empty', async () => {
    const dead = SHAPE.hidden / 2;
    const padded = (weights: readonly Weight[]): Weight[] =>
      changed(
        weights,
        ({ role }) => /\.(gate|up|down)$/.test(role),
        ({ role, values }) =>
          values.map((value, at) => {
            const unit = role.endsWith('down') ? at % SHAPE.hidden : Math.floor(at / SHAPE.width);
            return unit < dead ? value : 0;
          }),
      );
    const found = await compare(padded(gaussianWeights('another', SHAPE)), padded(original));
    for (const component of ['mlp', 'experts'] as const) {
      expect(of(found, 'token_fixed_points', component).z).toBeLessThan(6);
    }
    const copy = await compare(padded(shuffleBlocks(derivative)), padded(shuffleBlocks(original)));
    expect(of(copy, 'token_fixed_points', 'mlp').r).toBeGreaterThan(0.4);
  });

  it('follow no alignment', async () => {
    const { records } = await compare(gaussianWeights('another', SHAPE));
    for (const { method, component, z, r } of records.filter(({ status }) => status === 'measured')) {
      if (method === 'mdir') continue;
      expect(Math.abs(z ?? NaN), `${method} ${component}`).toBeLessThan(6);
      expect(Math.abs(r ?? NaN), `${method} ${component}`).toBeLessThan(0.2);
    }
  });

  it('give the same bytes in a second run', async () => {
    const [a, b] = [await compare(derivative), await compare(derivative)];
    expect(JSON.stringify(b)).toBe(JSON.stringify(a));
  });
});

describe('compareModels', () => {
  it('measures tier 3 where it is asked for', async () => {
    const models = [syntheticModel('a', derivative), syntheticModel('b', original)] as const;
    const options = { components: ['router'], primariesOnly: true } as const;
    const plain = await compareModels(...models, backend, options);
    expect(plain.alignments).toBeUndefined();
    const asked = await compareModels(...models, backend, { ...options, disguises: true });
    expect(asked.records.slice(0, plain.records.length)).toEqual(plain.records);
    expect(asked.records.slice(plain.records.length).every(({ tier }) => tier === 3)).toBe(true);
    expect(asked.alignments?.map(({ digest }) => digest)).toEqual(
      expect.arrayContaining([of(asked, 'residual_permutation', 'attention').details.alignment_digest]),
    );
  });
});

describe('what cannot be measured', () => {
  const isEmbedding = ({ role }: Weight): boolean => role === 'embed';

  it('is named: embeddings with NaN, too few tokens, no embedding', async () => {
    const broken = changed(original, isEmbedding, ({ values }) =>
      values.map((x, at) => (at === 5 ? NaN : x)),
    );
    const few = gaussianWeights('few', { ...SHAPE, vocabulary: 20 });
    const cases = [
      [await compare(broken), 'not-finite'],
      [await compare(few, few), 'too-few-shared-tokens'],
      [await compare(original.filter((weight) => !isEmbedding(weight))), 'no-embedding'],
    ] as const;
    for (const [{ records, maps }, reason] of cases) {
      expect(maps).toEqual([]);
      expect(records.map((record) => record.reason)).toEqual(records.map(() => reason));
      expect(records.length).toBeGreaterThan(5);
      expect(records.every(({ z }) => z === null)).toBe(true);
    }
  });

  it('is skipped: a block, a norm or a router with elements out of range, zero matrices', async () => {
    const hostile = changed(
      original,
      ({ role, layer }) => layer === 0 && /gate|router|pre_attn|attn\.k/.test(role),
      (weight) =>
        weight.values.map((value, at) =>
          weight.role === 'mlp.gate' ? 0 : weight.role === 'attn.k' ? 1e30 : at === 0 ? NaN : value,
        ),
    );
    const { records } = await compare(hostile);
    for (const { z, r, status, blocks } of records) {
      if (status !== 'measured') continue;
      expect([z, r, ...blocks.flatMap((block) => [block.z, block.r])].every(Number.isFinite)).toBe(true);
    }
    const attention = records.find(({ method }) => method === 'residual_rotation');
    expect(attention?.skipped.map(({ reason }) => reason)).toContain('norm-not-finite');
    expect(attention?.skipped.map(({ reason }) => reason)).toContain('out-of-range');
  });

  it('says that a sample of the hidden units cannot show their order', async () => {
    const sampled = Object.fromEntries(
      original.flatMap((weight) =>
        /\.(?:gate|up|down)$/.test(weight.role) ? [[keyOf(weight), [1, 5, 8, 20]] as const] : [],
      ),
    );
    const found = await compare(permuteResidual(derivative, true, SHAPE.width), original, { sampled });
    expect(of(found, 'token_matching', 'mlp').reason).toBe('hidden-units-sampled');
    expect(of(found, 'residual_permutation', 'mlp').r).toBeGreaterThan(0.7);
  });

  it('joins tokens by their bytes, whatever their ids', async () => {
    const names = Array.from({ length: SHAPE.vocabulary }, (_, id) =>
      (id + 16).toString(16).padStart(4, '0'),
    );
    const reversed = changed(
      original,
      ({ role }) => role === 'embed',
      ({ values, shape: [rows = 0, width = 0] }) =>
        values.map((_, at) => values[(rows - 1 - Math.floor(at / width)) * width + (at % width)] ?? NaN),
    );
    const found = await disguiseEvidence({
      subject: syntheticModel('subject', original, { shape: SHAPE, tokens: names }),
      reference: syntheticModel('reference', reversed, { shape: SHAPE, tokens: [...names].reverse() }),
      backend,
    });
    expect(of(found, 'mdir', 'embedding').r).toBeCloseTo(1, 6);
  });
});
