import type { Component, EvidenceRecord, Method, Stream } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withNoise } from '../specs/copies.js';
import { deviationOf, gaussians } from '../specs/gaussian.js';
import { gaussianWeights, keyOf, syntheticModel, TINY, type Weight } from '../specs/synthetic-model.js';
import { compareModels, type CompareOptions } from './compare-models.js';
import { orderedStreams } from './ordered-streams.js';
import { jointScore } from './training/joint-score.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const { width } = TINY;

/** Sines and cosines over residual dimensions: what positions of Whisper add to a stream. */
const positions = Float64Array.from({ length: 64 * width }, (_, at) => {
  const angle = Math.floor(at / width) * 0.8 ** (Math.floor(at % width) % (width / 2));
  return Math.fround(at % width < width / 2 ? Math.sin(angle) : Math.cos(angle));
});

/** Weights that read the positions, as training makes them: every row has the order of the dimensions in it. */
function ordered(seed: string, shape = TINY): Weight[] {
  return gaussianWeights(seed, shape).map((weight) => {
    const {
      shape: [, columns = 1],
      axis,
      values,
    } = weight;
    const features = values.length / width;
    const mix = gaussians(`${seed} reads ${keyOf(weight)}`, features);
    const read = (feature: number, unit: number): number =>
      (1 + (mix[feature] ?? 0)) * (positions[5 * width + unit] ?? 0);
    return {
      ...weight,
      values: values.map((value, at) => {
        const [row, column] = [Math.floor(at / columns), at % columns];
        return Math.fround(value + (axis === 1 ? read(row, column) : read(column, row)));
      }),
    };
  });
}

const TABLE: Weight = {
  ...{ scope: 'text', layer: null, role: 'pos_embed', expert: null, component: 'embedding' },
  ...{ shape: [64, width], axis: null, values: positions },
};

function model(id: string, weights: readonly Weight[], sinusoidal: readonly Stream[] = ['text']): ModelData {
  const made = syntheticModel(id, weights);
  return { ...made, architecture: { ...made.architecture, sinusoidal } };
}

/** Text layers as an audio tower, beside an embedding. */
function asTower(weights: readonly Weight[]): Weight[] {
  return weights.flatMap((weight): Weight[] =>
    weight.component === 'attention' || weight.component === 'mlp'
      ? [{ ...weight, scope: 'audio', component: 'audio' }]
      : weight.role === 'embed'
        ? [weight]
        : [],
  );
}

async function primariesOf(
  subject: ModelData,
  reference: ModelData,
  component: Component,
  options: CompareOptions = {},
): Promise<ReadonlyMap<Method, EvidenceRecord>> {
  const { records } = await compareModels(subject, reference, backend, {
    ...options,
    components: [component],
  });
  return new Map(records.filter(({ primary }) => primary).map((record) => [record.method, record]));
}

const original = ordered('original');
const independent = ordered('independent');

describe('orderedStreams', () => {
  const named = (a: readonly Stream[], b: readonly Stream[]): Stream[] => [
    ...orderedStreams(model('a', original, a), model('b', independent, b)),
  ];

  it('are those to which both models add sines and cosines', () => {
    expect(named(['text', 'audio'], ['audio', 'vision'])).toEqual(['audio']);
    expect(named(['text'], [])).toEqual([]);
    expect([...orderedStreams(syntheticModel('a', original), syntheticModel('b', independent))]).toEqual([]);
  });

  it('are seen by a table of the stream that is stored, whatever the config says', () => {
    const stored = (weights: readonly Weight[]): ModelData => model('stored', [TABLE, ...weights], []);
    expect([...orderedStreams(stored(original), stored(independent))]).toEqual(['text']);
    expect([...orderedStreams(stored(original), model('b', independent, []))]).toEqual([]);
    const narrow = { ...TABLE, shape: [128, width / 2] };
    expect([
      ...orderedStreams(model('a', [narrow, ...original], []), model('b', [narrow, ...independent], [])),
    ]).toEqual([]);
  });
});

describe('compareModels of streams with an order', () => {
  it('takes hidden units of a tower, and finds independent ones apart', async () => {
    const found = await primariesOf(
      model('subject', asTower(original), ['audio']),
      model('reference', asTower(independent), ['audio']),
      'audio',
    );
    expect(found.get('trace')).toMatchObject({
      status: 'not_applicable',
      reason: 'residual-axis-ordered',
      z: null,
    });
    const hidden = found.get('hidden_trace');
    expect(hidden).toMatchObject({ status: 'measured', primary: true });
    expect(Math.abs(hidden?.z ?? NaN)).toBeLessThan(4);
    const naive = await primariesOf(
      model('subject', asTower(original), []),
      model('reference', asTower(independent), []),
      'audio',
    );
    expect(naive.get('trace')?.z).toBeGreaterThan(5);
  });

  it('finds a copy of a tower, and shows no map of its residual axis', async () => {
    const subject = model('subject', asTower(withNoise(original, 1)), ['audio']);
    const reference = model('reference', asTower(original), ['audio']);
    const { records, maps } = await compareModels(subject, reference, backend, { components: ['audio'] });
    const hidden = records.find(({ method }) => method === 'hidden_trace');
    expect(hidden?.z).toBeGreaterThan(8);
    expect(hidden?.r).toBeGreaterThan(0.4);
    expect(maps).toEqual([]);
  });

  it('permutes the other side where one alone has an order', async () => {
    const plain = gaussianWeights('independent');
    const found = await primariesOf(
      model('subject', asTower(original), ['audio']),
      model('reference', asTower(plain), []),
      'audio',
    );
    expect([...found.keys()]).toEqual(['trace', 'hidden_gram']);
    expect(Math.abs(found.get('trace')?.z ?? NaN)).toBeLessThan(4);
  });

  it('leaves attention its value channels and experts their hidden units', async () => {
    const [subject, reference] = [model('subject', original), model('reference', independent)];
    const statuses = async (component: Component) =>
      [...(await primariesOf(subject, reference, component))].map(
        ([method, { status }]) => `${method} ${status}`,
      );
    const left = ['trace not_applicable', 'residual_gram not_applicable'];
    expect(await statuses('attention')).toEqual([...left, 'value_gram measured']);
    for (const component of ['mlp', 'experts'] as const) {
      expect(await statuses(component)).toEqual([...left, 'hidden_gram measured', 'hidden_trace measured']);
    }
    expect(await statuses('router')).toEqual(left);
    expect(await statuses('norms')).toEqual(['trace not_applicable']);
    const tier3 = await compareModels(subject, reference, backend, { components: [], disguises: true });
    expect(tier3.records.filter(({ status }) => status === 'measured')).toEqual([]);
  });

  it('keeps both axes for controls of one model with itself', async () => {
    const subject = model('subject', asTower(original), ['audio']);
    const found = await primariesOf(subject, subject, 'audio', { primariesOnly: true, sameModel: true });
    expect([...found].map(([method, { r }]) => [method, r?.toFixed(9)])).toEqual([
      ['trace', '1.000000000'],
      ['hidden_gram', '1.000000000'],
      ['hidden_trace', '1.000000000'],
    ]);
  });

  it('leaves out what a text decoder reads of the encoder', async () => {
    const cross = (weights: readonly Weight[]): Weight[] => [
      ...asTower(weights),
      ...weights.flatMap((weight): Weight[] =>
        weight.role === 'attn.q' ? [weight, { ...weight, role: 'cross.k' }] : [],
      ),
    ];
    const { records } = await compareModels(
      model('subject', cross(original), ['audio']),
      model('reference', cross(independent), ['audio']),
      backend,
      { components: ['attention'] },
    );
    const trace = records.find(({ method }) => method === 'trace');
    expect(trace?.blocks.map(({ key }) => key.split('|')[2])).toEqual(['attn.q', 'attn.q']);
  });

  it('leaves such streams out of the joint score of models that were trained apart', async () => {
    const [subject, reference] = [model('subject', original), model('reference', independent)];
    expect((await jointScore(subject, reference, backend))?.z).toBeGreaterThan(4);
    expect(await jointScore(subject, reference, backend, { trainedApart: true })).toBeNull();
    const random = model('random', gaussianWeights('random'), []);
    expect(await jointScore(subject, random, backend, { trainedApart: true })).not.toBeNull();
  });

  it('has the null of hidden units whatever order the models share', async () => {
    const z: number[] = [];
    for (let draw = 0; draw < 40; draw += 1) {
      const side = (name: string): ModelData =>
        model(name, asTower(ordered(`${name} ${draw}`, { ...TINY, experts: 0 })), ['audio']);
      const found = await primariesOf(side('a'), side('b'), 'audio', { primariesOnly: true });
      z.push(found.get('hidden_trace')?.z ?? NaN);
    }
    expect(Math.max(...z.map(Math.abs))).toBeLessThan(4);
    expect(deviationOf(z)).toBeGreaterThan(0.7);
    expect(deviationOf(z)).toBeLessThan(1.35);
  });
});
