import { createWasmBackend } from '@jokbo/kernels';
import type { Component } from '@jokbo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withNoise } from '../specs/copies.js';
import { changed } from '../specs/disguises.js';
import { shuffleExperts } from '../specs/rearranged.js';
import {
  gaussianWeights,
  syntheticModel,
  TINY,
  type SyntheticOptions,
  type Weight,
} from '../specs/synthetic-model.js';
import { zooWeights, type ZooWeights } from '../specs/zoo-weights.js';
import { byteIdentityEvidence } from './byte-identity.js';
import { rowIdentityEvidence } from './row-identity.js';
import { tokenText } from './token-text.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
let zoo: ZooWeights;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
  zoo = await zooWeights('refs/mixtral-mini');
});
afterAll(() => backend.close());

const SHAPE = { ...TINY, width: 128, layers: 4, experts: 8 };

function rows(
  component: Component,
  a: readonly Weight[],
  b: readonly Weight[],
  own: SyntheticOptions = {},
  other: SyntheticOptions = own,
) {
  const comparison = {
    component,
    subject: syntheticModel('a', a, { shape: SHAPE, ...own }),
    reference: syntheticModel('b', b, { shape: SHAPE, ...other }),
    backend,
  };
  return rowIdentityEvidence(comparison, byteIdentityEvidence(comparison));
}

/** The weight with some of its rows taken from another. */
function withRows(weight: Weight, from: Weight, chosen: readonly number[]): Float64Array {
  const [, width = 0] = weight.shape;
  const values = weight.values.slice();
  for (const row of chosen) values.set(from.values.subarray(row * width, (row + 1) * width), row * width);
  return values;
}

const embedding = (weights: readonly Weight[]): Weight => {
  const found = weights.find(({ role }) => role === 'embed');
  if (found === undefined) throw new Error('no embedding');
  return found;
};

describe('rowIdentityEvidence', () => {
  it('finds frozen rows of a trained embedding one by one, by token', async () => {
    const trained = withNoise(zoo.weights, 0.01);
    const frozen = changed(
      trained,
      ({ role }) => role === 'embed',
      (weight) => withRows(weight, embedding(zoo.weights), [3, 40, 41]),
    );
    const record = await rows('embedding', frozen, zoo.weights, { tokens: zoo.tokens, dtype: 'BF16' });
    const counted = zoo.tokens.length;
    expect(record).toMatchObject({ status: 'measured', tier: 0, primary: false, z: null, features: counted });
    expect(record.details).toMatchObject({
      rows: counted,
      rows_identical: 3,
      rows_moved: 0,
      rows_left_out: 0,
    });
    expect(record.details.share_rows_identical).toBeCloseTo(3 / counted, 12);
    expect(Number(record.details.log10_expected)).toBeLessThan(-100);
    expect(record.details.examples).toBe(
      [3, 40, 41].map((row) => tokenText(zoo.tokens[row] ?? '')).join(' '),
    );
    expect(record.details.share_in_equal_rows).toBeCloseTo(3 / counted, 9);
    expect(record.details.share_in_neither).toBeCloseTo(1 - 3 / counted, 9);
    expect(record.blocks).toEqual([
      expect.objectContaining({ key: 'text|-|embed|-|weight', parameters: 3 * 128, identical: false }),
    ]);
  });

  it('joins other vocabularies by token bytes, and calls a row at another token moved', async () => {
    const names = (count: number, first: number): string[] =>
      Array.from({ length: count }, (_, id) => Buffer.from(`t${id + first}`).toString('hex'));
    const [a, b] = [gaussianWeights('a', SHAPE), gaussianWeights('b', SHAPE)];
    // Row 10 of a is token t10, which is row 5 of b; row 20 is t20, but holds what b has for t30.
    const copy = changed(
      a,
      ({ role }) => role === 'embed',
      (weight) => {
        const values = weight.values.slice();
        const source = embedding(b).values;
        values.set(source.subarray(5 * 128, 6 * 128), 10 * 128);
        values.set(source.subarray(25 * 128, 26 * 128), 20 * 128);
        return values;
      },
    );
    const record = await rows('embedding', copy, b, { tokens: names(40, 0) }, { tokens: names(40, 5) });
    expect(record.details).toMatchObject({ rows: 35, rows_identical: 1, rows_moved: 1 });
    expect(record.details.examples).toBe('"t10" "t20"');
  });

  it('leaves out padding that a tensor repeats, and rows without information', async () => {
    const padded = (weights: readonly Weight[], name: string): Weight[] =>
      changed(
        weights,
        ({ role }) => role === 'embed',
        (weight) => {
          const values = weight.values.slice();
          const shared = embedding(gaussianWeights(name, SHAPE)).values;
          for (const row of [30, 31, 32]) values.set(shared.subarray(0, 128), row * 128);
          values.fill(0, 33 * 128, 34 * 128);
          for (let at = 34 * 128; at < 35 * 128; at += 1) values[at] = at % 64 === 0 ? 1 : 0;
          return values;
        },
      );
    const [a, b] = [
      padded(gaussianWeights('a', SHAPE), 'padding'),
      padded(gaussianWeights('b', SHAPE), 'padding'),
    ];
    expect((await rows('embedding', a, b)).details).toMatchObject({
      rows: 35,
      rows_identical: 0,
      rows_left_out: 5,
    });
  });

  it('compares values where formats differ', async () => {
    const exact = syntheticModel('bf16', zoo.weights, { shape: SHAPE, dtype: 'BF16' });
    expect(exact.tensors.size).toBeGreaterThan(0);
    const record = await rows('head', zoo.weights, zoo.weights, { dtype: 'BF16' }, { dtype: 'F32' });
    expect(record.details.share_rows_identical).toBe(1);
    expect(
      (await rows('head', zoo.weights, withNoise(zoo.weights, 0.2), { dtype: 'BF16' }, {})).details
        .rows_identical,
    ).toBe(0);
  });

  it('counts experts with the same bytes wherever they stand', async () => {
    const record = await rows('experts', shuffleExperts(zoo.weights, 8), zoo.weights);
    expect(record.details).toMatchObject({ experts: 32, experts_identical: 32 });
    expect(Number(record.details.experts_moved)).toBeGreaterThan(16);
    expect(record.details.share_in_equal_tensors).toBe(1);
    const own = await rows('experts', zoo.weights, zoo.weights);
    expect(own.details).toMatchObject({ experts_identical: 32, experts_moved: 0, share_rows_identical: 1 });
    const other = await rows('experts', withNoise(zoo.weights, 0.01), zoo.weights);
    expect(other.details).toMatchObject({ experts_identical: 0, rows_identical: 0, share_in_neither: 1 });
  });

  it('finds whole features of single tensors that were kept', async () => {
    const trained = withNoise(zoo.weights, 0.01);
    const frozen = trained.map((weight) =>
      weight.role === 'attn.q' && weight.layer === 2
        ? (zoo.weights.find(({ role, layer }) => role === 'attn.q' && layer === 2) ?? weight)
        : weight,
    );
    const record = await rows('attention', frozen, zoo.weights);
    expect(record.details.rows_identical).toBe(128);
    expect(record.blocks).toEqual([
      expect.objectContaining({ key: 'text|2|attn.q|-|weight', identical: true, r: 1 }),
    ]);
    expect(record.details.share_in_equal_tensors).toBeGreaterThan(0.05);
    expect(record.details.share_in_equal_rows).toBe(0);
  });

  it('is not measured where nothing is in common', async () => {
    const narrow = { ...SHAPE, width: 64 };
    const comparison = {
      component: 'embedding' as const,
      subject: syntheticModel('a', zoo.weights, { shape: SHAPE }),
      reference: syntheticModel('b', gaussianWeights('narrow', narrow), { shape: narrow }),
      backend,
    };
    const record = await rowIdentityEvidence(comparison, byteIdentityEvidence(comparison));
    expect(record).toMatchObject({ status: 'not_applicable', reason: 'no-rows-in-common', z: null });
    expect(record.skipped[0]?.reason).toBe('residual-width-differs');
  });
});
