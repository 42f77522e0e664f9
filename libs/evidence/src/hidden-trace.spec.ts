import type { EvidenceRecord } from '@jokbo/contracts';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changed, permuteResidual } from '../specs/disguises.js';
import { deviationOf, gaussians, meanOf, permutationOf } from '../specs/gaussian.js';
import { gaussianWeights, keyOf, syntheticModel, TINY, type Weight } from '../specs/synthetic-model.js';
import { hiddenTraceEvidence } from './hidden-trace.js';
import { residualGramEvidence } from './residual-gram.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const EXPERTS = 4;

function dense(name: string): Weight[] {
  return gaussianWeights(name, { ...TINY, experts: 0 });
}

/** A model whose experts are the dense MLP of another one, each with noise of `size` deviations. */
function upcycled(name: string, of: readonly Weight[], size: number): Weight[] {
  return of.flatMap((weight) => {
    if (weight.component !== 'mlp') return [weight];
    return Array.from({ length: EXPERTS }, (_, expert): Weight => {
      const noise = gaussians(`${name} ${keyOf(weight)} ${expert}`, weight.values.length);
      const values = weight.values.map((x, at) => Math.fround(x + size * (noise[at] ?? NaN)));
      return {
        ...weight,
        role: weight.role.replace('mlp', 'moe.expert'),
        component: 'experts',
        expert,
        values,
      };
    });
  });
}

function row(subject: readonly Weight[], reference: readonly Weight[], sampled = {}) {
  return {
    component: 'experts',
    against: 'mlp',
    subject: syntheticModel('subject', subject, { sampled }),
    reference: syntheticModel('reference', reference, { sampled }),
    backend,
  } as const;
}

function back(subject: readonly Weight[], reference: readonly Weight[]) {
  return { ...row(subject, reference), component: 'mlp', against: 'experts' } as const;
}

const original = dense('original');

describe('hiddenTraceEvidence of experts against a dense MLP', () => {
  it('finds every expert that was copied from it, block by block', async () => {
    const record = await hiddenTraceEvidence(row(upcycled('tuned', original, 1), original));
    expect(record).toMatchObject({
      primary: true,
      details: { row: 'experts<-mlp', against: 'mlp', groups: TINY.layers },
      units: TINY.layers * TINY.hidden,
      tensors: TINY.layers * EXPERTS * 3,
    });
    expect(record.z).toBeGreaterThan(20);
    expect(record.r).toBeGreaterThan(0.6);
    expect(record.r).toBeLessThan(0.8);
    expect(record.blocks).toHaveLength(TINY.layers * EXPERTS * 3);
    for (const { r, z, key, reference_key: from } of record.blocks) {
      expect(r).toBeGreaterThan(0.5);
      expect(z).toBeGreaterThan(8);
      expect(from).toBe(key.replace(/moe\.expert\.(\w+)\|\d+/, 'mlp.$1|-'));
    }
    expect(record.parameters).toBe(TINY.layers * EXPERTS * 3 * TINY.hidden * TINY.width);
    expect(Math.max(...record.scrambles.map(Math.abs))).toBeLessThan(6);
  });

  it('gives the same z from the other side, and counts the dense parameters once', async () => {
    const tuned = upcycled('tuned', original, 2);
    const forth = await hiddenTraceEvidence(row(tuned, original));
    const other = await hiddenTraceEvidence(back(original, tuned));
    expect(other.z).toBeCloseTo(forth.z ?? NaN, 4);
    expect(other.r).toBeCloseTo(forth.r ?? NaN, 6);
    expect(other.parameters).toBe(TINY.layers * 3 * TINY.hidden * TINY.width);
  });

  it('misses permuted hidden units, which the Gram of the row finds at r ≥ .7', async () => {
    const permuted = upcycled('tuned', original, 0.5).map((weight) => {
      if (weight.component !== 'experts') return weight;
      const order = permutationOf(`order ${weight.layer ?? '-'} ${weight.expert ?? '-'}`, TINY.hidden);
      const [, columns = 1] = weight.shape;
      return {
        ...weight,
        values: weight.values.map((_, at) => {
          const [i, j] = [Math.floor(at / columns), at % columns];
          const from = weight.axis === 1 ? [order[i] ?? 0, j] : [i, order[j] ?? 0];
          return weight.values[(from[0] ?? 0) * columns + (from[1] ?? 0)] ?? NaN;
        }),
      };
    });
    const comparison = row(permuted, original);
    expect(Math.abs((await hiddenTraceEvidence(comparison)).z ?? NaN)).toBeLessThan(4);
    const gram = await residualGramEvidence(comparison);
    expect(gram).toMatchObject({ primary: true, details: { row: 'experts<-mlp', against: 'mlp' } });
    expect(gram.z).toBeGreaterThan(8);
    expect(gram.r).toBeGreaterThan(0.7);
  });

  it('keeps mean 0 and deviation 1 where the experts are copies of one another', async () => {
    const found = { trace: [] as number[], gram: [] as number[] };
    for (let pair = 0; pair < 60; pair += 1) {
      const grown = upcycled(`tuned ${pair}`, dense(`own ${pair}`), 0.3);
      const comparison = row(grown, dense(`reference ${pair}`));
      found.trace.push((await hiddenTraceEvidence(comparison)).z ?? NaN);
      found.gram.push((await residualGramEvidence(comparison)).z ?? NaN);
    }
    for (const [name, z] of Object.entries(found)) {
      expect(Math.abs(meanOf(z)), name).toBeLessThan(0.45);
      expect(deviationOf(z), name).toBeGreaterThan(0.75);
      expect(deviationOf(z), name).toBeLessThan(1.25);
    }
  });

  it('needs hidden units of one number and one residual order', async () => {
    const narrow = gaussianWeights('narrow', { ...TINY, experts: 0, hidden: 20 });
    const record = await hiddenTraceEvidence(row(upcycled('tuned', original, 1), narrow));
    expect(record).toMatchObject({ status: 'not_applicable', reason: 'hidden-width-differs', z: null });
    const moved = permuteResidual(upcycled('tuned', original, 0.1));
    expect(Math.abs((await hiddenTraceEvidence(row(moved, original))).z ?? NaN)).toBeLessThan(4);
  });

  it('takes the hidden units that both samples hold, and claims no power for a sampled Gram', async () => {
    const tuned = upcycled('tuned', original, 0.2);
    const kept = (weights: readonly Weight[], rows: readonly number[]) =>
      Object.fromEntries(
        weights.filter(({ role }) => /(gate|up|down)$/.test(role)).map((w) => [keyOf(w), rows]),
      );
    const sampled = {
      ...kept(tuned, [1, 3, 5, 7, 9, 11]),
      ...kept(original, [0, 1, 2, 3, 5, 7, 9, 20]),
    };
    const comparison = row(tuned, original, sampled);
    const record = await hiddenTraceEvidence(comparison);
    expect(record.units).toBe(TINY.layers * 5);
    expect(record.r).toBeGreaterThan(0.9);
    expect((await residualGramEvidence(comparison)).r_min).toBeNull();
    expect((await residualGramEvidence(row(tuned, original))).r_min).toBeGreaterThan(0);
  });
});

describe('hiddenTraceEvidence of a component with itself', () => {
  it('pairs block with block, is no primary, and is blind to scale', async () => {
    const weights = gaussianWeights('original');
    const tuned = changed(
      weights,
      ({ component }) => component === 'experts',
      ({ values }) => gaussians('noise', values.length).map((x, at) => 3 * (x + (values[at] ?? NaN))),
    );
    const measure = (subject: readonly Weight[]): Promise<EvidenceRecord> =>
      hiddenTraceEvidence({
        component: 'experts',
        subject: syntheticModel('subject', subject),
        reference: syntheticModel('reference', weights),
        backend,
      });
    const record = await measure(tuned);
    expect(record).toMatchObject({ primary: false, details: { groups: TINY.layers * TINY.experts } });
    expect(record.details.row).toBeUndefined();
    expect(record.z).toBeGreaterThan(8);
    expect((await measure(weights)).r).toBeCloseTo(1, 9);
  });
});
