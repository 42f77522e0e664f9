import type { Component, EvidenceRecord } from '@jokbo/contracts';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changed, withLayers } from '../specs/disguises.js';
import { gaussians } from '../specs/gaussian.js';
import { gaussianWeights, syntheticModel, TINY, type Weight } from '../specs/synthetic-model.js';
import { byteIdentityEvidence, informationBits } from './byte-identity.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const original = gaussianWeights('original');
const other = gaussianWeights('other');

function identityOf(
  component: Component,
  subject: readonly Weight[],
  reference: readonly Weight[],
): EvidenceRecord {
  return byteIdentityEvidence({
    component,
    subject: syntheticModel('subject', subject),
    reference: syntheticModel('reference', reference),
    backend,
  });
}

function replaced(
  weights: readonly Weight[],
  component: Component,
  valueOf: (weight: Weight) => Float64Array,
): Weight[] {
  return changed(weights, (weight) => weight.component === component, valueOf);
}

describe('byteIdentityEvidence', () => {
  it('finds every tensor of a copy', () => {
    const record = identityOf('mlp', original, original);
    expect(record.details).toMatchObject({ tensors_identical: 6, share_identical: 1, trivial_tensors: 0 });
    expect(record.details.bytes_identical).toBe(6 * TINY.hidden * TINY.width * 4);
    expect(record.blocks.every(({ identical }) => identical)).toBe(true);
  });

  it('finds nothing between independent models', () => {
    const record = identityOf('mlp', original, other);
    expect(record).toMatchObject({ status: 'measured', blocks: [] });
    expect(record.details).toMatchObject({ tensors_identical: 0, share_identical: 0, bytes_identical: 0 });
  });

  it('finds moved layers, and says where they lie in the reference', () => {
    const moved = withLayers(original, [1, 0]);
    const record = identityOf('attention', moved, original);
    expect(record.details.share_identical).toBe(1);
    for (const { key, reference_key: from } of record.blocks) {
      expect([key.split('|')[1], from.split('|')[1]].sort()).toEqual(['0', '1']);
    }
  });

  it('finds a layer of multi-token prediction that became an ordinary one, and the reverse', () => {
    const predicting = gaussianWeights('predicting').filter(({ layer }) => layer === 1);
    const mtp = predicting.map((weight): Weight => ({ ...weight, scope: 'mtp', component: 'mtp', layer: 2 }));
    const source = [...original, ...mtp];
    const taken = [...other.filter(({ layer }) => layer !== 1), ...predicting];
    const attention = identityOf('attention', taken, source);
    expect(attention.details).toMatchObject({ tensors_identical: 4, share_identical: 0.5 });
    expect(attention.blocks.map((block) => block.reference_key.split('|')[0])).toEqual(Array(4).fill('mtp'));
    const reverse = [...other, ...original.filter(({ layer }) => layer === 1)].map((weight, at): Weight =>
      at < other.length ? weight : { ...weight, scope: 'mtp', component: 'mtp', layer: 2 },
    );
    expect(identityOf('mtp', reverse, original).details.share_identical).toBe(1);
    expect(identityOf('mtp', reverse, other).details.share_identical).toBe(0);
  });

  it('finds renamed experts, but not bytes under another role', () => {
    const renamed = original.map((weight) =>
      weight.expert === null ? weight : { ...weight, expert: TINY.experts - 1 - weight.expert },
    );
    expect(identityOf('experts', renamed, original).details.share_identical).toBe(1);
    const swapped = original.map((weight) =>
      weight.role === 'mlp.gate' || weight.role === 'mlp.up'
        ? { ...weight, role: weight.role === 'mlp.gate' ? 'mlp.up' : 'mlp.gate' }
        : weight,
    );
    expect(identityOf('mlp', swapped, original).details.tensors_identical).toBe(2);
  });

  it.each([
    ['constants', (weight: Weight) => weight.values.map(() => 1)],
    ['zeros', (weight: Weight) => weight.values.map(() => 0)],
    ['masks', (weight: Weight) => weight.values.map((_, at) => (at === 0 ? 1 : 0))],
  ])('never counts equal %s', (_, valueOf) => {
    const [a, b] = [replaced(original, 'mlp', valueOf), replaced(other, 'mlp', valueOf)];
    expect(identityOf('mlp', a, b)).toMatchObject({
      status: 'not_applicable',
      reason: 'only-trivial-tensors',
    });
  });

  it('never counts sinusoidal positions that two towers both store', () => {
    const positions: Weight = {
      scope: 'audio',
      layer: null,
      role: 'embed_positions',
      expert: null,
      component: 'audio',
      shape: [64, TINY.width],
      axis: null,
      values: Float64Array.from({ length: 64 * TINY.width }, (_, at) => {
        const angle = Math.floor(at / TINY.width) * 0.9 ** Math.floor((at % TINY.width) / 2);
        return Math.fround(at % 2 === 0 ? Math.sin(angle) : Math.cos(angle));
      }),
    };
    const tower = (weights: readonly Weight[]): Weight[] => [
      positions,
      ...weights
        .filter(({ component }) => component === 'attention')
        .map((weight): Weight => ({ ...weight, scope: 'audio', component: 'audio' })),
    ];
    const record = identityOf('audio', tower(original), tower(other));
    expect(record).toMatchObject({ status: 'measured', blocks: [] });
    expect(record.details).toMatchObject({ tensors_identical: 0, trivial_tensors: 1 });
  });

  it('leaves trivial tensors out of the share beside trained ones', () => {
    const zeroGate = (weights: readonly Weight[]) =>
      changed(
        weights,
        ({ role }) => role === 'mlp.gate',
        ({ values }) => values.map(() => 0),
      );
    const record = identityOf('mlp', zeroGate(original), zeroGate(other));
    expect(record.details).toMatchObject({ tensors_identical: 0, trivial_tensors: 2, share_identical: 0 });
  });

  it('counts a matrix that only one side has trained as not identical', () => {
    const zeroed = changed(
      original,
      ({ role, layer }) => role === 'mlp.up' && layer === 1,
      ({ values }) => values.map(() => 0),
    );
    for (const [subject, reference] of [
      [zeroed, original],
      [original, zeroed],
    ] as const) {
      const { details, tensors, parameters } = identityOf('mlp', subject, reference);
      expect(details).toMatchObject({ tensors_identical: 5, share_identical: 5 / 6, trivial_tensors: 0 });
      expect([tensors, parameters]).toEqual([6, 6 * TINY.hidden * TINY.width]);
    }
    const both = identityOf('mlp', zeroed, zeroed);
    expect(both.details).toMatchObject({ tensors_identical: 5, share_identical: 1, trivial_tensors: 1 });
  });

  it('is measured, and finds nothing, where the subject has nothing but constants', () => {
    const blank = replaced(original, 'mlp', ({ values }) => values.map(() => 0));
    const record = identityOf('mlp', blank, original);
    expect(record).toMatchObject({ status: 'measured', blocks: [] });
    expect(record.details).toMatchObject({ tensors_identical: 0, share_identical: 0, trivial_tensors: 0 });
  });

  /** Norms of 32 elements hold 5 bits each at most: 160 bits a tensor. */
  const norms = (name: string, layers: number) => gaussianWeights(name, { ...TINY, layers });

  it('adds up the entropy of norms that are each too small', () => {
    const model = syntheticModel('subject', norms('deep', 4));
    const bits = [...model.tensors.values()]
      .filter(({ component }) => component === 'norms')
      .map(informationBits);
    expect(Math.max(...bits)).toBeLessThan(1024);
    const record = identityOf('norms', norms('deep', 4), norms('deep', 4));
    expect(record.details).toMatchObject({ tensors_identical: 9, share_identical: 1 });
    expect(identityOf('norms', norms('deep', 2), norms('deep', 2)).status).toBe('not_applicable');
  });

  it('counts a fresh norm of the subject that the reference has trained', () => {
    const fresh = changed(
      norms('deep', 4),
      ({ role, layer }) => role === 'norm.pre_attn' && layer === 0,
      ({ values }) => values.map(() => 1),
    );
    for (const [subject, reference] of [
      [fresh, norms('deep', 4)],
      [norms('deep', 4), fresh],
    ] as const) {
      const { details } = identityOf('norms', subject, reference);
      expect(details).toMatchObject({ tensors_identical: 8, share_identical: 8 / 9 });
    }
  });

  it('does not count a few equal small norms that together stay below the bound', () => {
    const fresh = (weights: readonly Weight[]) =>
      changed(
        weights,
        ({ role, layer }) => role === 'norm.pre_attn' && layer === 0,
        ({ values }) => values.map((_, at) => (at === 3 ? 0.996 : 1)),
      );
    const record = identityOf('norms', fresh(norms('deep', 6)), fresh(norms('another', 6)));
    expect(record).toMatchObject({ status: 'measured', blocks: [] });
    expect(record.details.tensors_identical).toBe(0);
  });

  it('counts by entropy, not by distinct values: 256 codes are enough', () => {
    const codes = (name: string, weights: readonly Weight[]) =>
      replaced(weights, 'head', ({ values }) =>
        gaussians(name, values.length).map((x) => Math.max(-127, Math.min(127, Math.round(40 * x)))),
      );
    expect(identityOf('head', codes('same', original), codes('same', other)).details.share_identical).toBe(1);
  });
});
