import { canonicalJson, type Component, type EvidenceRecord, type Method } from '@jokbo/contracts';
import { createWasmBackend } from '@jokbo/kernels';
import { log10PTwoSided } from '@jokbo/statistics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withNoise } from '../specs/copies.js';
import { changed, permuteResidual, withLayers } from '../specs/disguises.js';
import { gaussianWeights, syntheticModel, TINY, type Weight } from '../specs/synthetic-model.js';
import { compareModels, presentComponents, type CompareOptions } from './compare-models.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const original = gaussianWeights('original');
const independent = gaussianWeights('independent');

function compare(subject: readonly Weight[], reference: readonly Weight[], options: CompareOptions = {}) {
  return compareModels(
    syntheticModel('subject', subject),
    syntheticModel('reference', reference),
    backend,
    options,
  );
}

function recordOf(records: readonly EvidenceRecord[], component: Component, method: Method): EvidenceRecord {
  const found = records.find((record) => record.component === component && record.method === method);
  if (found === undefined) throw new Error(`no ${method} of ${component}`);
  return found;
}

describe('compareModels', () => {
  it('measures the registered primaries of every component that both have', async () => {
    const { records } = await compare(original, independent);
    const primaries = records
      .filter(({ primary }) => primary)
      .map(({ component, method }) => `${component} ${method}`);
    expect(primaries).toEqual([
      'embedding trace',
      'embedding balanced_trace',
      'attention trace',
      'attention residual_gram',
      'attention value_gram',
      'mlp trace',
      'mlp residual_gram',
      'mlp hidden_gram',
      'router trace',
      'router residual_gram',
      'experts trace',
      'experts residual_gram',
      'experts hidden_gram',
      'norms trace',
      'head trace',
      'head balanced_trace',
    ]);
    const dense = independent.filter(({ component }) => component !== 'router' && component !== 'experts');
    const beside = (await compare(original, dense)).records;
    expect([...new Set(beside.map(({ component }) => component))]).toEqual(
      presentComponents(syntheticModel('original', original)).filter((component) => component !== 'router'),
    );
    const experts = beside.filter(({ component }) => component === 'experts');
    expect(experts.map(({ method, primary, details }) => [method, primary, details.row])).toEqual([
      ['residual_gram', true, 'experts<-mlp'],
      ['hidden_trace', true, 'experts<-mlp'],
    ]);
  });

  it('gives the same bytes twice, also from models that compared others before', async () => {
    const [subject, reference] = [
      syntheticModel('subject', original),
      syntheticModel('reference', independent),
    ];
    await compareModels(subject, syntheticModel('another', gaussianWeights('another')), backend);
    const first = await compareModels(subject, reference, backend);
    const again = await compareModels(subject, reference, backend);
    const fresh = await compare(original, independent);
    expect(canonicalJson(again)).toBe(canonicalJson(first));
    expect(canonicalJson(fresh)).toBe(canonicalJson(first));
  });

  it.each([
    ['of equal depth', original, independent],
    ['of unequal depth', gaussianWeights('deep', { ...TINY, layers: 4 }), independent],
  ] as const)('gives the same z when subject and reference of models %s change places', async (_, a, b) => {
    const forth = await compare(a, b, { primariesOnly: true });
    const back = await compare(b, a, { primariesOnly: true });
    for (const record of forth.records) {
      const other = recordOf(back.records, record.component, record.method);
      const name = `${record.component} ${record.method}`;
      const size = Math.max(1, Math.abs(record.z ?? NaN));
      expect(Math.abs((record.z ?? NaN) - (other.z ?? NaN)) / size, name).toBeLessThan(1e-6);
      expect(other.layer_map, name).toBe(record.layer_map);
    }
  });

  it('tries contiguous maps at unequal depth, and pays for them', async () => {
    const deep = gaussianWeights('deep', { ...TINY, layers: 4 });
    const { records } = await compare(withLayers(deep, [1, 2]), deep);
    for (const component of ['attention', 'mlp', 'experts', 'norms'] as const) {
      const record = recordOf(records, component, 'trace');
      expect(record, component).toMatchObject({ layer_map: 'offset:1', maps_tried: 3 });
      expect(record.details.map_z).toBeGreaterThan(record.z ?? NaN);
      expect(record.log10_p).toBeCloseTo(Math.log10(3) + log10PTwoSided(Number(record.details.map_z)), 9);
      expect(record.r).toBeGreaterThan(0.3);
    }
    const only = await compare(withLayers(deep, [1, 2]), deep, { identityOnly: true });
    expect(recordOf(only.records, 'mlp', 'trace')).toMatchObject({ layer_map: 'identity', maps_tried: 1 });
    expect(recordOf(records, 'embedding', 'trace')).toMatchObject({ layer_map: 'identity', maps_tried: 1 });
  });

  it('takes the blocks of matched layers where they explain more', async () => {
    const base = gaussianWeights('base', { ...TINY, layers: 4, width: 64 });
    const { records } = await compare(withLayers(base, [0, 0, 1, 2, 2, 3]), base);
    const trace = recordOf(records, 'mlp', 'trace');
    expect(trace.details.matched_layers).toBe('0,0,1,2,2,3');
    expect(trace.blocks).toHaveLength(18);
  });

  it('tries the identity alone where a layer number is no depth', async () => {
    const far = independent.map((weight) =>
      weight.layer === 1 ? { ...weight, layer: 2_000_000_000 } : weight,
    );
    const { records } = await compare(original, far, { primariesOnly: true });
    expect(recordOf(records, 'mlp', 'trace')).toMatchObject({ maps_tried: 1, tensors: 3 });
  });

  it('lists what it could not pair, with reasons', async () => {
    const other = [
      ...gaussianWeights('other', { ...TINY, hidden: 20 }).filter(
        ({ role, layer }) => role !== 'attn.o' || layer !== 1,
      ),
    ];
    const constant = changed(
      other,
      ({ role }) => role === 'norm.final',
      ({ values }) => values.map(() => 1),
    );
    const { records } = await compare(original, constant);
    expect(recordOf(records, 'attention', 'trace').skipped).toEqual([
      { key: 'text|1|attn.o|-|weight', reason: 'no-counterpart' },
    ]);
    expect(recordOf(records, 'norms', 'trace').skipped).toEqual([
      { key: 'text|-|norm.final|-|weight', reason: 'zero-variance' },
    ]);
    const mlp = recordOf(records, 'mlp', 'trace');
    expect(mlp).toMatchObject({ status: 'not_applicable', reason: 'no-matched-tensors', z: null });
    expect(new Set(mlp.skipped.map(({ reason }) => reason))).toEqual(new Set(['feature-count-differs']));
  });

  it.each([
    ['norms', ['trace']],
    ['attention', ['trace', 'residual_gram', 'value_gram']],
    ['mlp', ['trace', 'residual_gram', 'hidden_gram']],
    ['head', ['trace', 'balanced_trace']],
  ] as const)(
    'has no statistic of %s that are constant, and does not call it zero',
    async (name, methods) => {
      for (const value of [0, 1]) {
        const constant = changed(
          original,
          ({ component }) => component === name,
          ({ values }) => values.map(() => value),
        );
        for (const [subject, reference] of [
          [constant, independent],
          [independent, constant],
          [constant, constant],
        ] as const) {
          const { records } = await compare(subject, reference);
          for (const method of methods) {
            expect(recordOf(records, name, method)).toMatchObject({
              status: 'degenerate',
              reason: 'zero-variance',
              z: null,
              log10_p: null,
              r: null,
              r_interval: null,
              r_min: null,
              n_eff: null,
              units: null,
              ceiling: null,
              scrambles: [],
            });
          }
        }
      }
    },
  );

  it.each(['vision', 'audio'] as const)('finds a copied %s tower whose stream is permuted', async (scope) => {
    const tower = (weights: readonly Weight[]): Weight[] =>
      weights
        .filter(({ component, layer }) => layer !== null && /^(?:attention|mlp|norms)$/.test(component))
        .map((weight) => ({ ...weight, scope, component: scope }));
    const copy = permuteResidual(withNoise(original, 0.5));
    const found = recordOf((await compare(tower(copy), tower(original))).records, scope, 'hidden_gram');
    expect(found).toMatchObject({ status: 'measured', primary: true, tensors: 6 });
    expect(found.z).toBeGreaterThan(8);
    expect(found.r).toBeGreaterThan(0.5);
    const apart = (await compare(tower(independent), tower(original))).records;
    expect(Math.abs(recordOf(apart, scope, 'hidden_gram').z ?? NaN)).toBeLessThan(4);
  });

  it('leaves context, maps and the split out for controls', async () => {
    const { records, maps } = await compare(original, original, { primariesOnly: true });
    expect(records.every(({ primary }) => primary)).toBe(true);
    expect(maps).toEqual([]);
    const identity = await compare(original, original, { traceOnly: true, identityOnly: true });
    expect(identity.records.map(({ method }) => method)).toEqual(Array(7).fill('trace'));
    for (const { r } of identity.records) expect(r).toBeCloseTo(1, 9);
  });

  it('gives records ids that differ wherever their content can', async () => {
    const base = gaussianWeights('base', { ...TINY, layers: 4, width: 64 });
    const grown = withLayers(base, [0, 0, 1, 2, 2, 3]);
    const measured = await Promise.all(
      [{}, { primariesOnly: true }, { identityOnly: true }, { primariesOnly: true, identityOnly: true }].map(
        (options) => compare(grown, base, options),
      ),
    );
    const contents = new Map<string, string>();
    for (const record of measured.flatMap(({ records }) => records)) {
      const content = canonicalJson(record);
      expect(contents.get(record.id) ?? content, `${record.component} ${record.method}`).toBe(content);
      contents.set(record.id, content);
    }
    const ids = measured.map(({ records }) => recordOf(records, 'mlp', 'trace').id);
    expect(new Set(ids).size).toBe(4);
    const again = await compare(grown, base);
    expect(recordOf(again.records, 'mlp', 'trace').id).toBe(ids[0]);
  });

  it('splits learned part and start only where a component rejects', async () => {
    const split = async (reference: readonly Weight[]) =>
      (await compare(original, reference)).records.filter(({ method }) => method === 'start_split');
    expect(await split(independent)).toEqual([]);
    const records = await split(original);
    expect(recordOf(records, 'attention', 'start_split').details.q).toBeCloseTo(1, 6);
  });

  it('stops when it is told to', async () => {
    await expect(compare(original, independent, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });
});

describe('elements that are not numbers', () => {
  const broken = (role: string, value: number) =>
    changed(
      original,
      (weight) => weight.role === role && weight.layer === 1,
      ({ values }) => values.with(5, value),
    );

  it.each([
    ['NaN', NaN, 'not-finite'],
    ['infinity', Infinity, 'not-finite'],
    ['1e30', 1e30, 'out-of-range'],
  ])('make their component invalid and no other: %s', async (_, value, reason) => {
    for (const [subject, reference] of [
      [broken('mlp.up', value), original],
      [original, broken('mlp.up', value)],
    ] as const) {
      const { records } = await compare(subject, reference);
      const mlp = records.filter(({ component }) => component === 'mlp');
      expect(mlp.map(({ method }) => method)).toEqual(['trace', 'residual_gram', 'hidden_gram']);
      for (const record of mlp) {
        expect(record).toMatchObject({ status: 'invalid', reason, z: null, r: null, log10_p: null });
        expect(record.skipped).toEqual([{ key: 'text|1|mlp.up|-|weight', reason }]);
      }
      expect(recordOf(records, 'attention', 'trace')).toMatchObject({ status: 'measured' });
      expect(() => canonicalJson(records)).not.toThrow();
    }
  });

  it('make experts invalid that are held against such a dense MLP', async () => {
    const dense = broken('mlp.up', NaN).filter(
      ({ component }) => component !== 'router' && component !== 'experts',
    );
    const { records } = await compare(original, dense);
    const experts = records.filter(({ component }) => component === 'experts');
    expect(experts.map(({ method, status, reason, details }) => [method, status, reason, details])).toEqual(
      ['residual_gram', 'hidden_trace'].map((method) => [
        method,
        'invalid',
        'not-finite',
        { row: 'experts<-mlp', against: 'mlp' },
      ]),
    );
  });

  it('in a norm leave out the blocks that would fold it in', async () => {
    const { records } = await compare(broken('norm.pre_ffn', NaN), original);
    expect(recordOf(records, 'norms', 'trace').status).toBe('invalid');
    const hidden = recordOf(records, 'mlp', 'hidden_gram');
    expect(hidden.status).toBe('measured');
    expect(hidden.blocks.map(({ key }) => key)).toEqual(['text|0|mlp|-|weight']);
    const attention = await compare(broken('norm.pre_attn', NaN), original);
    expect(recordOf(attention.records, 'attention', 'value_gram').features).toBe(TINY.kvHeads);
  });

  it('make the identity control invalid too', async () => {
    const model = broken('attn.q', NaN);
    const { records } = await compare(model, model, { traceOnly: true, identityOnly: true });
    expect(recordOf(records, 'attention', 'trace').status).toBe('invalid');
    expect(recordOf(records, 'mlp', 'trace').status).toBe('measured');
  });
});
