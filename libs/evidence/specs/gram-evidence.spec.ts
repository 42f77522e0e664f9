import type { Component, EvidenceRecord } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import { createWasmBackend } from '@jokbo/kernels';
import { jointGram, mantelMoments, stouffer } from '@jokbo/statistics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changed } from './disguises.js';
import {
  featureRows,
  flat,
  folded,
  products,
  sumOf,
  symmetricPart,
  unitCentred,
  unitRows,
  type Rows,
} from './gram-oracle.js';
import { gaussianWeights, keyOf, syntheticModel, TINY, type Weight } from './synthetic-model.js';
import { hiddenGramEvidence } from '../src/hidden-gram.js';
import { residualGramEvidence } from '../src/residual-gram.js';
import { valueGramEvidence } from '../src/value-gram.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

/** f32 products against f64 ones. */
const DIGITS = 5;

const subject = gaussianWeights('subject');
const reference = related(subject, gaussianWeights('reference'));

/** Weights half of which are those of another model: a z that is neither 0 nor at its ceiling. */
function related(base: readonly Weight[], own: readonly Weight[]): Weight[] {
  return own.map((weight, index) => ({
    ...weight,
    values: weight.values.map((x, at) => Math.fround((x + (base[index]?.values[at] ?? NaN)) / 2)),
  }));
}

function find(weights: readonly Weight[], role: string, layer: number, expert: number | null = null): Weight {
  const found = weights.find((w) => w.role === role && w.layer === layer && w.expert === expert);
  if (found === undefined) throw new Error(`no ${role} in layer ${layer}`);
  return found;
}

type Measure = (comparison: {
  component: Component;
  subject: ModelData;
  reference: ModelData;
  backend: typeof backend;
}) => Promise<EvidenceRecord>;

function measure(
  method: Measure,
  component: Component,
  a: ModelData | readonly Weight[] = subject,
  b: ModelData | readonly Weight[] = reference,
): Promise<EvidenceRecord> {
  const modelOf = (side: ModelData | readonly Weight[], id: string): ModelData =>
    'tensors' in side ? side : syntheticModel(id, side);
  return method({ component, subject: modelOf(a, 'a'), reference: modelOf(b, 'b'), backend });
}

/** Σ over roles of unit(centre(Σ over experts W'W)). */
function residualOracle(weights: readonly Weight[], layer: number, roles: readonly string[]): Float64Array {
  const experts = (role: string): Rows[] =>
    weights
      .filter((weight) => weight.layer === layer && weight.role === role)
      .map((weight) => products(unitRows(weight), unitRows(weight)));
  return flat(sumOf(roles.map((role) => unitCentred(sumOf(experts(role))))));
}

describe('residual gram', () => {
  const cases: readonly (readonly [Component, readonly string[]])[] = [
    ['attention', ['attn.k', 'attn.o', 'attn.q', 'attn.v']],
    ['mlp', ['mlp.down', 'mlp.gate', 'mlp.up']],
    ['router', ['moe.router']],
    ['experts', ['moe.expert.down', 'moe.expert.gate', 'moe.expert.up']],
  ];
  it.each(cases)(
    'of %s is the joint Mantel test of Σ roles unit(centre(Σ experts W′W))',
    async (component, roles) => {
      const layers = [0, 1];
      const expected = jointGram(
        layers.map((layer) => residualOracle(subject, layer, roles)),
        layers.map((layer) => residualOracle(reference, layer, roles)),
        TINY.width,
      );
      const record = await measure(residualGramEvidence, component);
      expect(record.details.closed_form_z ?? record.z).toBeCloseTo(expected?.z ?? NaN, DIGITS);
      expect(record.r).toBeCloseTo(expected?.r ?? NaN, DIGITS);
      expect(record.units).toBe(TINY.width);
      expect(record.tensors).toBe(subject.filter((weight) => weight.component === component).length);
    },
  );

  it('needs neither equal features nor equal experts', async () => {
    const narrow = gaussianWeights('narrow', { ...TINY, heads: 2, hidden: 10, experts: 2 });
    for (const component of ['attention', 'mlp', 'experts'] as const) {
      const record = await measure(residualGramEvidence, component, subject, narrow);
      expect(record.status).toBe('measured');
      expect(Math.abs(record.z ?? NaN)).toBeLessThan(4);
    }
  });

  it('does not apply where the residual widths differ', async () => {
    const wide = gaussianWeights('wide', { ...TINY, width: 40 });
    const record = await measure(residualGramEvidence, 'mlp', subject, wide);
    expect(record).toMatchObject({ status: 'not_applicable', z: null, r: null });
  });

  it('replaces a z between 4 and 8 by the quantile of its permutation p, and pays for the maps it tried', async () => {
    const base = gaussianWeights('deep', { ...TINY, layers: 4, experts: 0 });
    const weak = gaussianWeights('shallow', { ...TINY, layers: 3, experts: 0 }).map((weight) => {
      const partner = base.find((other) => keyOf(other) === keyOf(weight));
      const values = weight.values.map((x, at) => x + 0.52 * (partner?.values[at] ?? 0));
      return { ...weight, values };
    });
    const record = await measure(residualGramEvidence, 'mlp', base, weak);
    const { closed_form_z: closed, permutation_p: p, permutations } = record.details;
    expect(Math.abs(Number(closed))).toBeGreaterThan(4);
    expect(Math.abs(Number(closed))).toBeLessThan(8);
    expect(permutations).toBe(100_000);
    expect(record.maps_tried).toBe(2);
    expect(record.log10_p).toBeCloseTo(Math.log10(2 * Number(p)), 12);
    expect(Math.sign(record.z ?? 0)).toBe(Math.sign(Number(closed)));
    expect(Math.abs(record.z ?? NaN)).toBeLessThan(5);
  });
});

/** Σ over gate rows, up rows and down columns of unit(centre(W W′)), the norm folded into gate and up. */
function hiddenOracle(
  weights: readonly Weight[],
  layer: number,
  prefix: string,
  expert: number | null,
  roles: readonly string[] = ['gate', 'up', 'down'],
): Float64Array {
  const gamma = find(weights, 'norm.pre_ffn', layer).values;
  const grams = roles.map((role) => {
    const rows = featureRows(find(weights, `${prefix}.${role}`, layer, expert));
    const units = role === 'down' ? rows : folded(rows, gamma);
    return unitCentred(products(units, units));
  });
  return flat(sumOf(grams));
}

describe('hidden gram', () => {
  it.each([
    ['mlp', 'mlp', [null]],
    ['experts', 'moe.expert', [0, 1, 2]],
  ] as const)(
    'of %s is the Stouffer sum of one Mantel test per block',
    async (component, prefix, experts) => {
      const z = [0, 1].flatMap((layer) =>
        experts.map((expert) => {
          const a = hiddenOracle(subject, layer, prefix, expert);
          return mantelMoments(a, hiddenOracle(reference, layer, prefix, expert), TINY.hidden)?.z ?? NaN;
        }),
      );
      const record = await measure(hiddenGramEvidence, component);
      expect(record.z).toBeCloseTo(stouffer(z) ?? NaN, DIGITS);
      expect(record.blocks.map((block) => block.z)).toEqual(
        z.map((value) => expect.closeTo(value, DIGITS) as number),
      );
      expect(record.features).toBe(z.length);
    },
  );

  it('sums only the roles that vary on both sides', async () => {
    const flatGate = changed(
      reference,
      ({ role }) => role === 'mlp.gate',
      ({ values }) => values.map(() => 0),
    );
    const z = [0, 1].map((layer) => {
      const a = hiddenOracle(subject, layer, 'mlp', null, ['up', 'down']);
      return (
        mantelMoments(a, hiddenOracle(reference, layer, 'mlp', null, ['up', 'down']), TINY.hidden)?.z ?? NaN
      );
    });
    const record = await measure(hiddenGramEvidence, 'mlp', subject, flatGate);
    expect(record.z).toBeCloseTo(stouffer(z) ?? NaN, DIGITS);
    expect(record.tensors).toBe(4);
  });

  it('says so where the hidden widths differ', async () => {
    const other = gaussianWeights('other', { ...TINY, hidden: 20 });
    const record = await measure(hiddenGramEvidence, 'mlp', subject, other);
    expect(record).toMatchObject({ status: 'not_applicable', reason: 'hidden-width-differs', z: null });
  });

  it('pairs the hidden units that both samples kept', async () => {
    const rows = (list: readonly number[]) =>
      Object.fromEntries(
        [0, 1].flatMap((layer) =>
          ['gate', 'up', 'down'].map((role) => [`text|${layer}|mlp.${role}|-|weight`, list]),
        ),
      );
    const large = [1, 2, 5, 6, 8, 11, 13, 17, 18, 20, 22, 23];
    const small = [2, 5, 8, 11, 18, 20, 23];
    const both = syntheticModel('a', subject, { sampled: rows(small) });
    const expected = await measure(
      hiddenGramEvidence,
      'mlp',
      both,
      syntheticModel('b', reference, { sampled: rows(small) }),
    );
    const nested = await measure(
      hiddenGramEvidence,
      'mlp',
      both,
      syntheticModel('b', reference, { sampled: rows(large) }),
    );
    expect(expected.status).toBe('measured');
    expect(nested.z).toBe(expected.z);
    expect(nested.units).toBe(2 * small.length);
  });
});

/** Per KV group: unit(centre) of v rows, of o columns and of sym(V·O), the norm folded into v. */
function valueOracle(weights: readonly Weight[], layer: number, group: number): Float64Array {
  const { headDim, heads, kvHeads } = TINY;
  const gamma = find(weights, 'norm.pre_attn', layer).values;
  const v = folded(
    featureRows(find(weights, 'attn.v', layer)).slice(group * headDim, (group + 1) * headDim),
    gamma,
  );
  const o = featureRows(find(weights, 'attn.o', layer));
  const perGroup = heads / kvHeads;
  const ofHeads = Array.from({ length: perGroup }, (_, index) => {
    const first = (group * perGroup + index) * headDim;
    return o.slice(first, first + headDim);
  });
  const grams = [
    products(v, v),
    sumOf(ofHeads.map((columns) => products(columns, columns))),
    sumOf(ofHeads.map((columns) => symmetricPart(products(v, columns)))),
  ];
  return flat(sumOf(grams.map(unitCentred)));
}

describe('value gram', () => {
  it('is the Stouffer sum of one Mantel test per KV group and layer', async () => {
    const z = [0, 1].flatMap((layer) =>
      [0, 1].map((group) => {
        const a = valueOracle(subject, layer, group);
        return mantelMoments(a, valueOracle(reference, layer, group), TINY.headDim)?.z ?? NaN;
      }),
    );
    const record = await measure(valueGramEvidence, 'attention');
    expect(record.z).toBeCloseTo(stouffer(z) ?? NaN, DIGITS);
    expect(record.blocks.map((block) => block.z)).toEqual(
      z.map((value) => expect.closeTo(value, DIGITS) as number),
    );
    expect(record.features).toBe(4);
  });

  it('takes more query heads per group on one side', async () => {
    const shape = { ...TINY, heads: 8 };
    const other = syntheticModel('b', gaussianWeights('many heads', shape), { shape });
    const record = await measure(valueGramEvidence, 'attention', subject, other);
    expect(record.status).toBe('measured');
    expect(Math.abs(record.z ?? NaN)).toBeLessThan(4);
  });

  it('does not apply to other groups, to other widths of a head, or without v', async () => {
    for (const shape of [
      { ...TINY, kvHeads: 4 },
      { ...TINY, headDim: 6 },
    ]) {
      const other = syntheticModel('b', gaussianWeights('other', shape), { shape });
      const record = await measure(valueGramEvidence, 'attention', subject, other);
      expect(record).toMatchObject({ status: 'not_applicable', reason: 'kv-groups-differ', z: null });
    }
    const withoutV = reference.filter(({ role }) => role !== 'attn.v');
    expect((await measure(valueGramEvidence, 'attention', subject, withoutV)).status).toBe('not_applicable');
  });

  it('uses the groups and heads that the sample kept whole', async () => {
    const { headDim, kvHeads, heads } = TINY;
    const groupOne = Array.from({ length: headDim }, (_, index) => headDim + index);
    const firstHead = Array.from({ length: headDim }, (_, index) => (heads / kvHeads) * headDim + index);
    const sampled = Object.fromEntries(
      [0, 1].flatMap((layer) => [
        [`text|${layer}|attn.v|-|weight`, groupOne],
        [`text|${layer}|attn.o|-|weight`, firstHead],
      ]),
    );
    const record = await measure(
      valueGramEvidence,
      'attention',
      syntheticModel('a', subject, { sampled }),
      syntheticModel('a copy', subject, { sampled }),
    );
    expect(record.blocks.map(({ key }) => key)).toEqual(['text|0|attn.v|group 1', 'text|1|attn.v|group 1']);
    expect(record.r).toBeCloseTo(1, 6);
  });
});
