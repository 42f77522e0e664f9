import { createHash } from 'node:crypto';
import type { EvidenceRecord, Method, PairVerdict, TensorSummary } from '@jokbo/contracts';
import { compareModels } from '@jokbo/evidence';
import { int8Model, type ModelData } from '@jokbo/fingerprint';
import { createWasmBackend } from '@jokbo/kernels';
import { createRandom, identityPermutation, shuffle } from '@jokbo/statistics';
import { decideAudit, DEFAULT_THRESHOLDS } from '@jokbo/verdict';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeModel, measuredMade, noisy, tensorsOf, type MadeTensor } from './made-models.js';
import { zooLoader } from './zoo-models.js';

const DENSE = [
  'refs/llama-mini-s0',
  'refs/llama-mini-s1',
  'refs/llama-mini-s2',
  'refs/qwen-vl-mini',
  'teams/b/think-vl-mini',
];

/** One model of every lineage with routed experts that is as wide. */
const WITH_EXPERTS = [
  'refs/glm-air-mini',
  'refs/mixtral-mini',
  'refs/phi-moe-mini',
  'refs/deepseek-v3-mini',
  'teams/a/open-mini',
  'teams/d/axk-mini',
];

const [BASE = '', UNRELATED = ''] = DENSE;
const CONTROL = 'refs/mixtral-mini';
const EXPERTS = 4;

const loader = zooLoader();
let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(async () => {
  await backend.close();
  await loader.close();
});

const zoo = async (path: string): Promise<ModelData> => (await loader.load(path)).data;

function orderOf(name: string, n: number): Uint32Array {
  const order = identityPermutation(n);
  shuffle(order, createRandom(createHash('sha256').update(name).digest('hex')));
  return order;
}

/** A tensor's features (its hidden units) in another order, or some of them. */
function takeFeatures(tensor: MadeTensor, rows: ArrayLike<number>): MadeTensor {
  const { values, units, summary } = tensor;
  const taken = new Float64Array(rows.length * units);
  Array.from(rows).forEach((row, position) => {
    taken.set(values.subarray(row * units, (row + 1) * units), position * units);
  });
  const shape =
    summary.residual_axis === 0 ? [summary.shape[0] ?? 0, rows.length] : [rows.length, summary.shape[1] ?? 0];
  return { ...tensor, values: taken, features: rows.length, summary: { ...summary, shape } };
}

type Recipe = (tensor: MadeTensor, expert: number) => MadeTensor;

/** A dense model made a mixture of experts: its MLP goes into every expert, as the recipe says. */
async function upcycled(id: string, base: ModelData, recipe: Recipe): Promise<ModelData> {
  const dense = await tensorsOf(base, 'mlp');
  const experts = dense.flatMap((tensor) =>
    Array.from({ length: EXPERTS }, (_, expert): MadeTensor => {
      const summary: TensorSummary = {
        ...tensor.summary,
        component: 'experts',
        role: tensor.summary.role.replace('mlp', 'moe.expert'),
        expert,
      };
      return recipe({ ...tensor, summary }, expert);
    }),
  );
  return madeModel(id, base, ['mlp'], experts);
}

const withNoise =
  (size: number): Recipe =>
  (tensor, expert) => ({ ...tensor, values: noisy(`${tensor.summary.key} ${expert}`, tensor.values, size) });

function rowsOf(records: readonly EvidenceRecord[]): EvidenceRecord[] {
  return records.filter(({ details }) => details.row === 'experts<-mlp');
}

function of(records: readonly EvidenceRecord[], method: Method): EvidenceRecord {
  const found = rowsOf(records).find((record) => record.method === method);
  if (found === undefined) throw new Error(`no ${method} of the row`);
  return found;
}

async function compareExperts(subject: ModelData, reference: ModelData): Promise<readonly EvidenceRecord[]> {
  const options = { components: ['experts'], identityOnly: true } as const;
  return (await compareModels(subject, reference, backend, options)).records;
}

async function decide(subject: ModelData, reference: ModelData): Promise<PairVerdict> {
  const measure = async (a: ModelData, b: ModelData, options = {}) => ({
    subject: a.id,
    reference: b.id,
    records: (await compareModels(a, b, backend, options)).records,
  });
  const primariesOnly = true;
  const self = { primariesOnly, identityOnly: true };
  const control = await measure(reference, await zoo(CONTROL), { primariesOnly });
  const [verdict] = decideAudit({
    models: new Map([subject, reference].map((model) => [model.id, measuredMade(model.id, model)])),
    calibration: [],
    rules: DEFAULT_THRESHOLDS,
    tier3: 'waived',
    pairs: [
      {
        pair: await measure(subject, reference, { primariesOnly }),
        controls: {
          negative: [{ model: CONTROL, pair: control }],
          knownDerivative: null,
          int8: await measure(subject, int8Model(subject), { ...self, hiddenTrace: true }),
          identity: await measure(subject, subject, { traceOnly: true, identityOnly: true }),
        },
        declared: null,
      },
    ],
  });
  if (verdict === undefined) throw new Error('no verdict');
  return verdict;
}

function moments(z: readonly number[]) {
  const mean = z.reduce((sum, x) => sum + x, 0) / z.length;
  const sd = Math.sqrt(z.reduce((sum, x) => sum + (x - mean) ** 2, 0) / z.length);
  return { mean, sd, max: Math.max(...z.map(Math.abs)) };
}

function expectStandard(z: readonly number[]): void {
  const { mean, sd, max } = moments(z);
  expect(z).toHaveLength(30);
  expect(Math.abs(mean)).toBeLessThan(0.55);
  expect(sd).toBeGreaterThan(0.7);
  expect(sd).toBeLessThan(1.35);
  expect(max).toBeLessThan(4);
}

describe('experts against the dense MLP of independent models', () => {
  it('give the Gram of the row mean 0 and deviation 1', async () => {
    const z: number[] = [];
    for (const sparse of WITH_EXPERTS) {
      for (const dense of DENSE) {
        const records = await compareExperts(await zoo(sparse), await zoo(dense));
        z.push(Number(of(records, 'residual_gram').z));
        expect(of(records, 'hidden_trace').reason).toBe('hidden-width-differs');
      }
    }
    expectStandard(z);
  });

  it('give the trace over hidden units mean 0 and deviation 1', async () => {
    const z: number[] = [];
    for (const path of DENSE) {
      const dense = await zoo(path);
      const narrow = (await tensorsOf(dense, 'mlp')).map((tensor) =>
        takeFeatures(
          tensor,
          Uint32Array.from({ length: 16 }, (_, unit) => unit),
        ),
      );
      const made = madeModel(`${path} narrow`, dense, ['mlp'], narrow);
      for (const sparse of WITH_EXPERTS) {
        const records = await compareExperts(await zoo(sparse), made);
        z.push(Number(of(records, 'hidden_trace').z));
      }
    }
    expectStandard(z);
  });
});

describe('experts made from a dense MLP', () => {
  const permuted: Recipe = (tensor, expert) => {
    const order = orderOf(`${tensor.summary.layer ?? '-'} ${expert}`, tensor.features);
    return takeFeatures(withNoise(0.5)(tensor, expert), order);
  };
  const sliced: Recipe = (tensor, expert) => {
    const width = tensor.features / EXPERTS;
    const rows = Uint32Array.from({ length: width }, (_, unit) => expert * width + unit);
    return withNoise(0.5)(takeFeatures(tensor, rows), expert);
  };

  it.each([
    ['with noise', withNoise(1), 'blocks-inherited'],
    ['with twice as much noise as weight', withNoise(2), 'blocks-inherited'],
    ['with noise and its hidden units in another order in every expert', permuted, 'gram-inherited'],
    ['in slices, with noise', sliced, 'gram-inherited'],
  ] as const)('%s are derived from it, and from no other', async (name, recipe, code) => {
    const subject = await upcycled(name, await zoo(BASE), recipe);
    const found = await decide(subject, await zoo(BASE));
    const experts = found.components.find(({ component }) => component === 'experts');
    expect(experts).toMatchObject({ verdict: 'derived' });
    expect(experts?.reasons.map((reason) => reason.code)).toEqual([code, 'experts<-mlp']);
    expect(experts?.reasons[1]?.text).toBe('the reference has no experts: held against its mlp');
    const controls = found.controls.filter(({ component }) => component === 'experts');
    expect(controls.map(({ passed }) => passed)).not.toContain(false);
    expect(found.verdict).toBe('derived');
    const other = await decide(subject, await zoo(UNRELATED));
    expect(other.components.find(({ component }) => component === 'experts')?.verdict).toBe('no_link_found');
    expect(other.verdict).toBe('no_link_found');
  });

  it('show from the other side too: a dense MLP against the experts that were made from it', async () => {
    const reference = await upcycled('grown', await zoo(BASE), withNoise(1));
    const found = await decide(await zoo(BASE), reference);
    const mlp = found.components.find(({ component }) => component === 'mlp');
    expect(mlp).toMatchObject({ verdict: 'derived' });
    expect(mlp?.reasons.map((reason) => reason.code)).toEqual(['blocks-inherited', 'experts<-mlp']);
    const other = await decide(await zoo(UNRELATED), reference);
    expect(other.components.find(({ component }) => component === 'mlp')?.verdict).toBe('no_link_found');
  });
});
