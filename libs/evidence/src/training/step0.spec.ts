import type { TensorBackend } from '@jokbo/contracts';
import { createWasmBackend } from '@jokbo/kernels';
import type { DeclaredInitialisation } from '@jokbo/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEED_FORMULAS } from './seed-formulas.js';
import { step0FromSeed } from './step0-from-seed.js';
import { step0Initialisation } from './step0-initialisation.js';
import { memoryCheckpoint, type MadeTensor } from './testing/memory-checkpoint.js';
import { normalValues, uniforms } from './testing/random-values.js';

let backend: TensorBackend;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(() => backend.close());

const INIT: DeclaredInitialisation = {
  scheme: null,
  matrices: { kind: 'normal', std: 0.02 },
  residualOut: { kind: 'normal', std: 0.005 },
  norms: { kind: 'constant', value: 1 },
  biases: { kind: 'constant', value: 0 },
  correctionBiases: null,
  roles: new Map([['attn.v', { kind: 'uniform', bound: 0.1 }]]),
  testVector: null,
};

const uniform = uniforms('uniform weights');
const ONES: MadeTensor = {
  name: 'norm',
  shape: [128],
  values: new Float32Array(128).fill(1),
  role: 'norm.pre_attn',
};
const HONEST: readonly MadeTensor[] = [
  { name: 'q', shape: [96, 128], values: normalValues(96 * 128, 0.02, 'honest q') },
  { name: 'o', shape: [128, 96], values: normalValues(128 * 96, 0.005, 'honest o'), role: 'attn.o' },
  {
    name: 'v',
    shape: [64, 128],
    values: Float32Array.from({ length: 64 * 128 }, () => 0.2 * uniform() - 0.1),
    role: 'attn.v',
  },
  { name: 'q bias', shape: [128], values: new Float32Array(128), part: 'bias' },
  ONES,
];

const test = (tensors: readonly MadeTensor[], dtype: 'BF16' | 'F32' = 'BF16', init = INIT) =>
  step0Initialisation({ ...memoryCheckpoint(tensors, dtype), init, backend });

/** The honest tensors with one of them replaced. */
const withTensor = (name: string, values: (own: Float32Array) => Float32Array): readonly MadeTensor[] =>
  HONEST.map((tensor) => (tensor.name === name ? { ...tensor, values: values(tensor.values) } : tensor));

describe('step0Initialisation', () => {
  it.each(['BF16', 'F32'] as const)('passes an honest start stored as %s', async (dtype) => {
    const result = await test(HONEST, dtype);
    expect([result.outcome, result.reason]).toEqual(['pass', null]);
    expect(result.figures.find(({ name }) => name === 'share_tested')?.value).toBe(1);
  });

  it('fails on a start that holds a fifth of one trained direction, at the same standard deviation', async () => {
    const trained = normalValues(96, 0.02 * Math.sqrt(96), 'direction');
    const other = normalValues(128, 1, 'other direction');
    const crafted = withTensor('q', (own) =>
      own.map((value, at) => {
        const learned = ((trained[Math.floor(at / 128)] ?? 0) * (other[at % 128] ?? 0)) / Math.sqrt(96);
        return value * Math.sqrt(1 - 0.04) + 0.2 * learned;
      }),
    );
    const result = await test(crafted);
    expect([result.outcome, result.reason]).toEqual(['fail', 'largest_spectral_edge_z']);
    expect(result.figures.find(({ name }) => name === 'largest_spectral_edge_z')?.at).toContain('|q');
  });

  it.each([
    ['largest_deviation_z', withTensor('q', (own) => own.map((value) => 1.05 * value))],
    ['largest_deviation_z', withTensor('o', (own) => own.map((value) => 4 * value))],
    ['largest_mean_z', withTensor('q', (own) => own.map((value) => value + 0.002))],
    ['largest_skewness_z', withTensor('q', (own) => own.map((value) => (value > 0.045 ? 0.09 : value)))],
    ['wrong_constants', withTensor('norm', (own) => own.map((value, at) => (at === 7 ? 1.01 : value)))],
    ['wrong_constants', withTensor('q bias', (own) => own.map((_, at) => (at === 3 ? 1e-6 : 0)))],
    ['not_finite', withTensor('q', (own) => own.map((value, at) => (at === 5 ? Number.NaN : value)))],
  ])('fails on %s', async (reason, tensors) => {
    const result = await test(tensors);
    expect(result.outcome).toBe('fail');
    const broken = result.figures.filter(
      ({ value, limit }) => value !== null && limit !== null && value > limit,
    );
    expect(broken.map(({ name }) => name)).toContain(reason);
  });

  it('tells 1 from its neighbours in F32', async () => {
    const nearly = withTensor('norm', (own) => own.map((value, at) => (at === 7 ? 1 + 2 ** -23 : value)));
    expect((await test(nearly, 'F32')).reason).toBe('wrong_constants');
  });

  it('is not provided without a law, or with one for a small part only', async () => {
    expect(await step0Initialisation({ ...memoryCheckpoint(HONEST), init: null, backend })).toMatchObject({
      outcome: 'not_provided',
      reason: 'initialisation-not-declared',
    });
    const few = { ...INIT, matrices: null, residualOut: null };
    expect(await test(HONEST, 'BF16', few)).toMatchObject({
      outcome: 'not_provided',
      reason: 'law-declared-for-too-few',
    });
    expect(await test([ONES], 'BF16', INIT)).toMatchObject({ reason: 'no-law-declared-for-any-matrix' });
  });
});

describe('step0FromSeed', () => {
  const SEEDED = { ...INIT, scheme: 'portable-normal-v1', roles: new Map<string, never>() };
  const made = (name: string, shape: readonly [number, number], std: number, role?: string): MadeTensor => {
    const unit = SEED_FORMULAS.get('portable-normal-v1')?.('99', name);
    const values = Float32Array.from(
      { length: shape[0] * shape[1] },
      (_, element) => std * (unit?.(element) ?? 0),
    );
    return { name, shape, values, ...(role === undefined ? {} : { role }) };
  };
  const tensors = [made('q', [96, 128], 0.02), made('o', [128, 96], 0.005, 'attn.o'), ONES];
  const from = (own: readonly MadeTensor[], seed: string | null, init: DeclaredInitialisation = SEEDED) =>
    step0FromSeed({ ...memoryCheckpoint(own), seed, init });

  it('makes a start again bit by bit', async () => {
    const result = await from(tensors, '99');
    expect(result).toMatchObject({ outcome: 'pass', findings: [] });
    expect(result.figures.find(({ name }) => name === 'elements_checked')?.value).toBe(2 * 96 * 128 + 128);
    const wide = await step0FromSeed({ ...memoryCheckpoint(tensors, 'F32'), seed: '99', init: SEEDED });
    expect(wide.outcome).toBe('pass');
  });

  it('finds one element that is another, and another seed', async () => {
    const edited = tensors.map((tensor) =>
      tensor.name === 'q'
        ? { ...tensor, values: tensor.values.map((value, at) => (at === 77 ? value + 1e-3 : value)) }
        : tensor,
    );
    expect(await from(edited, '99')).toMatchObject({
      outcome: 'fail',
      reason: 'elements_different',
      findings: [{ code: 'differs-from-seed', at: 'q', value: 1 }],
    });
    const other = await from(tensors, '98');
    expect(other.figures[0]?.value).toBeGreaterThan(24_000);
  });

  it('fails on tensors that the declaration leaves out, and on a test vector of another formula', async () => {
    expect(await from(tensors, '99', { ...SEEDED, norms: null })).toMatchObject({
      outcome: 'fail',
      reason: 'elements_not_made_again',
    });
    const vector = { tensor: 'q', unitNormals: [0.5] };
    expect(await from(tensors, '99', { ...SEEDED, testVector: vector })).toMatchObject({
      reason: 'test_vector_difference',
    });
  });

  it('is not provided for an unknown formula, which it names', async () => {
    expect(await from(tensors, '99', { ...SEEDED, scheme: 'our-own-v3' })).toMatchObject({
      outcome: 'not_provided',
      reason: 'formula-unknown',
      findings: [{ code: 'unknown-formula', value: 'our-own-v3' }],
    });
    expect(await from(tensors, null)).toMatchObject({ reason: 'seed-or-formula-not-declared' });
  });
});
