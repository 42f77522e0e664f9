import { createWasmBackend } from '@jokbo/kernels';
import { centreFeatures, traceMoments } from '@jokbo/statistics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permutationOf } from '../specs/gaussian.js';
import {
  factorValues,
  gaussianWeights,
  keyOf,
  syntheticModel,
  TINY,
  type Weight,
} from '../specs/synthetic-model.js';
import { centredFactors, isSkipped, joinByName, loadPairedFactor, toFactor } from './paired-factor.js';
import { traceEvidence } from './trace.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const EMBED = 'text|-|embed|-|weight';
const original = gaussianWeights('original');
const tokens = Array.from({ length: TINY.vocabulary }, (_, id) => id.toString(16).padStart(2, '0'));

/** The same rows under other ids. */
function reordered(weights: readonly Weight[], order: ArrayLike<number>): Weight[] {
  return weights.map((weight) =>
    weight.role !== 'embed' && weight.role !== 'lm_head'
      ? weight
      : {
          ...weight,
          values: weight.values.map((_, at) => {
            const row = order[Math.floor(at / TINY.width)] ?? 0;
            return weight.values[row * TINY.width + (at % TINY.width)] ?? NaN;
          }),
        },
  );
}

describe('joinByName', () => {
  it('pairs common names in the order of the first list, each once', () => {
    expect(joinByName(['a', 'b', 'c', 'b'], ['c', 'x', 'b', 'c', 'b'])).toEqual({ a: [1, 2], b: [2, 0] });
  });
});

describe('loadPairedFactor', () => {
  const pairOf = async (a: ReturnType<typeof syntheticModel>, b: typeof a, key = EMBED) => {
    const [subject, reference] = [a.tensors.get(key), b.tensors.get(key)];
    if (subject === undefined || reference === undefined) throw new Error(key);
    return loadPairedFactor({ subject, reference }, a, b);
  };

  it('pairs rows by the bytes of their tokens, whatever their ids', async () => {
    const order = permutationOf('ids', TINY.vocabulary);
    const a = syntheticModel('a', original, { tokens });
    const b = syntheticModel('b', reordered(original, order), {
      tokens: [...order].map((id) => tokens[id] ?? ''),
    });
    const factor = await pairOf(a, b);
    if (isSkipped(factor)) throw new Error(factor.reason);
    expect(factor.features).toBe(TINY.vocabulary);
    expect(toFactor(factor.b).values).toEqual(toFactor(factor.a).values);
  });

  it('keeps centred factors of partners with other token orders apart', async () => {
    const order = permutationOf('other ids', TINY.vocabulary);
    const subject = syntheticModel('subject', original, { tokens });
    const partners = [
      syntheticModel('same order', gaussianWeights('partner'), { tokens }),
      syntheticModel('other order', reordered(gaussianWeights('partner'), order), {
        tokens: [...order].map((id) => tokens[id] ?? ''),
      }),
      syntheticModel('half of the tokens', gaussianWeights('partner').map(firstRows), {
        tokens: tokens.slice(0, TINY.vocabulary / 2),
      }),
    ];
    const z = async (a: typeof subject, b: typeof subject) => {
      const { z: value } = await traceEvidence({ component: 'embedding', subject: a, reference: b, backend });
      return value ?? NaN;
    };
    const expected = (rows: number): number => {
      const factorOf = (weights: readonly Weight[]) => {
        const weight = weights.find(({ role }) => role === 'embed');
        if (weight === undefined) throw new Error('no embedding');
        const { values, units } = factorValues(weight);
        return { values: values.slice(0, rows * units), features: rows, units };
      };
      return traceMoments(factorOf(original), factorOf(gaussianWeights('partner')))?.z ?? NaN;
    };
    const rows = [TINY.vocabulary, TINY.vocabulary, TINY.vocabulary / 2];
    for (const round of [0, 1]) {
      for (const [index, partner] of partners.entries()) {
        expect(await z(subject, partner), `${partner.id}, round ${round}`).toBeCloseTo(
          expected(rows[index] ?? 0),
          4,
        );
        expect(await z(partner, subject), `${partner.id}, swapped`).toBeCloseTo(
          expected(rows[index] ?? 0),
          4,
        );
      }
    }
  });

  function firstRows(weight: Weight): Weight {
    if (weight.role !== 'embed' && weight.role !== 'lm_head') return weight;
    const rows = TINY.vocabulary / 2;
    return { ...weight, shape: [rows, TINY.width], values: weight.values.slice(0, rows * TINY.width) };
  }

  it('centres what it loaded', async () => {
    const [a, b] = [syntheticModel('a', original), syntheticModel('b', gaussianWeights('b'))];
    const factor = await pairOf(a, b);
    if (isSkipped(factor)) throw new Error(factor.reason);
    const [left, right] = await centredFactors(factor, a, b);
    expect(left).toEqual(centreFeatures(toFactor(factor.a)));
    expect(right).toEqual(centreFeatures(toFactor(factor.b)));
  });

  it('pairs nested samples of other budgets by index', async () => {
    const key = 'text|0|mlp.gate|-|weight';
    const large = [0, 3, 4, 9, 11, 15, 20];
    const small = [3, 9, 20];
    const a = syntheticModel('a', original, { sampled: { [key]: large } });
    const b = syntheticModel('b', original, { sampled: { [key]: small } });
    const whole = syntheticModel('whole', original);
    const gate = original.find((weight) => keyOf(weight) === key);
    const rows = small.flatMap((row) => [
      ...(gate?.values.slice(row * TINY.width, (row + 1) * TINY.width) ?? []),
    ]);
    for (const [left, right] of [
      [a, b],
      [b, a],
      [whole, b],
      [b, whole],
    ] as const) {
      const factor = await pairOf(left, right, key);
      if (isSkipped(factor)) throw new Error(factor.reason);
      expect(toFactor(factor.a).values).toEqual(Float64Array.from(rows));
      expect(toFactor(factor.b).values).toEqual(Float64Array.from(rows));
    }
  });

  it('says why a pair cannot be compared', async () => {
    const key = 'text|0|mlp.gate|-|weight';
    const model = syntheticModel('a', original);
    const reasonOf = async (other: ReturnType<typeof syntheticModel>, of = key) => {
      const factor = await pairOf(model, other, of);
      return isSkipped(factor) ? factor : null;
    };
    const unsampled = syntheticModel('b', original, { sampled: { [key]: null } });
    expect(await reasonOf(unsampled)).toEqual({ key, reason: 'not-sampled' });
    const wide = syntheticModel('b', gaussianWeights('b', { ...TINY, width: 40 }));
    expect(await reasonOf(wide)).toEqual({ key, reason: 'residual-width-differs' });
    const narrow = syntheticModel('b', gaussianWeights('b', { ...TINY, hidden: 20 }));
    expect(await reasonOf(narrow)).toEqual({ key, reason: 'feature-count-differs' });
    const odd = syntheticModel('odd', original, { sampled: { [key]: [1, 3] } });
    const even = syntheticModel('even', original, { sampled: { [key]: [0, 2] } });
    expect(await pairOf(odd, even, key)).toEqual({ key, reason: 'no-common-features' });
    const foreign = syntheticModel('b', original, { tokens: tokens.map((token) => `ff${token}`) });
    expect(await pairOf(syntheticModel('a', original, { tokens }), foreign)).toEqual({
      key: EMBED,
      reason: 'no-common-features',
    });
  });
});
