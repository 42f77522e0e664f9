import { describe, expect, it } from 'vitest';
import {
  adjustedZ,
  fixedPoints,
  fixedPointsLog10P,
  haarTrace,
  identityPermutation,
  linearAssignment,
  log10PTwoSided,
  logFactorial,
  matchedMeanNull,
  matchingSpearman,
  meanCorrelationVariance,
  partialCorrelation,
  rawCosine,
  rowProducts,
  selectionTail,
  stouffer,
  traceMoments,
  vectorTrace,
  type Factor,
} from '../src/index.js';
import { jointTraceOf } from './joint-trace-of.js';
import { deviationOf, gaussians, meanOf, randomOf, seedOf } from './simulated-factors.js';

const log10 = (p: number) => Math.log10(p);

describe('published norms of Solar-Open-100B against GLM-4.5-Air, 46 layers, width 4096', () => {
  // sionic-ai/solar-vs-glm and ANLGBOY/solar-vs-glm-sanity-check: means of the centred cosines.
  const INPUT_MEAN = 0.012602;
  const POST_MEAN = -0.001872;
  /** hyunwoongko/solar-vs-glm-vs-phi: within either model, layers 10–20, 10–30 and 20–30. */
  const SOLAR_INPUT = [0.4567, 0.3536, 0.6321];
  const GLM_INPUT = [0.772, 0.6464, 0.6222];
  const SOLAR_POST = [0.8438, 0.5835, 0.7996];
  const GLM_POST = [0.8332, 0.6151, 0.8836];

  /** Sd of the mean over 46 layers whose correlations within either model have this mean product. */
  function jointDeviation(solar: readonly number[], glm: readonly number[]): number {
    const product = meanOf(solar.map((rho, at) => rho * (glm[at] ?? NaN)));
    const rho = new Float64Array(46 * 46).map((_, at) => (at % 47 === 0 ? 1 : product));
    return Math.sqrt(meanCorrelationVariance(rho, new Float64Array(46 * 46).fill(1), 46, 4096));
  }

  it('pooled as independent reject at z 5.47, p 4.5e-8; jointly z is 1.38', () => {
    const naive = stouffer(new Array<number>(46).fill(INPUT_MEAN * Math.sqrt(4095))) ?? NaN;
    expect(naive).toBeCloseTo(5.47, 2);
    expect(10 ** log10PTwoSided(naive)).toBeCloseTo(4.5e-8, 9);
    const deviation = jointDeviation(SOLAR_INPUT, GLM_INPUT);
    expect(deviation).toBeCloseTo(0.0091, 4);
    expect(INPUT_MEAN / deviation).toBeCloseTo(1.38, 2);
  });

  it('post-attention norms: z −.15', () => {
    const deviation = jointDeviation(SOLAR_POST, GLM_POST);
    expect(deviation).toBeCloseTo(0.0121, 4);
    expect(POST_MEAN / deviation).toBeCloseTo(-0.15, 2);
  });

  it.each([
    ['Solar–GLM input, layers 10, 20, 30', [0.009187, 0.018073, 0.035623]],
    ['Solar–GLM post', [-0.005767, 0.012136, -0.002778]],
    ['Solar–GLM input, lowest and highest of 46', [-0.0225, 0.04279]],
    ['Solar–GLM post, lowest and highest of 46', [-0.02571, 0.01214]],
    ['Solar–Phi input', [0.00063, 0.01624, -0.00368]],
    ['GLM–Phi input', [0.01657, 0.01969, -0.00094]],
  ])('%s: no single layer is significant', (_, correlations) => {
    for (const r of correlations) expect(Math.abs(r * Math.sqrt(4095))).toBeLessThan(3);
  });

  it('do not change given Phi-3.5-MoE as a third model', () => {
    expect(partialCorrelation(0.009187, 0.00063, 0.01657)).toBeCloseTo(0.009187, 4);
  });

  it('raw cosine .990 is what a coefficient of variation of .1 gives', () => {
    const random = randomOf('raw cosine');
    const vector = () => gaussians(random, 4096).map((x) => 1 + 0.1 * x);
    const cosines = Array.from({ length: 60 }, () => rawCosine(vector(), vector()) ?? NaN);
    expect(meanOf(cosines)).toBeCloseTo(0.9901, 3);
    expect(deviationOf(cosines)).toBeLessThan(4e-4);
    expect(1 / (1 + 0.1 ** 2)).toBeCloseTo(meanOf(cosines), 3);
  });
});

describe('published routers of Solar-Open-100B against GLM-4.5-Air, 45 layers, 128 experts', () => {
  const NAIVE_SCALE = Math.sqrt(128 * 4096);

  it('element-wise cosines pool to 18 sigma, 5.9 in the largest layer', () => {
    expect(stouffer(new Array<number>(45).fill(0.0037053 * NAIVE_SCALE))).toBeCloseTo(18, 1);
    expect(0.00816 * NAIVE_SCALE).toBeCloseTo(5.9, 1);
  });

  it('matched experts at .029 lie below what independent isotropic ones reach', () => {
    const wanted = matchedMeanNull(128, 4096);
    expect(wanted?.mean).toBeCloseTo(0.038, 4);
    expect(0.02927).toBeLessThan((wanted?.mean ?? NaN) - 10 * (wanted?.deviation ?? NaN));
    expect(0.0352).toBeLessThan(wanted?.mean ?? NaN);
  });
});

describe('the router trap on synthetic independent models', () => {
  const [ROUTERS, EXPERTS, WIDTH] = [12, 32, 256];
  const PAIRS = 200;

  /** A mean direction, .9 of it common to all layers, holds half of the energy. */
  function routers(name: string): Factor[] {
    const random = randomOf(name);
    const common = gaussians(random, WIDTH);
    return Array.from({ length: ROUTERS }, () => {
      const own = gaussians(random, WIDTH);
      const direction = common.map((x, at) => Math.sqrt(0.9) * x + Math.sqrt(0.1) * (own[at] ?? NaN));
      const values = gaussians(random, EXPERTS * WIDTH).map((x, at) => x + (direction[at % WIDTH] ?? NaN));
      return { values, features: EXPERTS, units: WIDTH };
    });
  }

  it('naive Stouffer sd is 8 and exceeds 18; the joint trace has sd 1 and stays below 4', () => {
    const naive: number[] = [];
    const joint: number[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const b = routers(`trap b ${pair}`);
      const pairs = routers(`trap a ${pair}`).map((layer, index) => [layer, b[index] ?? layer] as const);
      const elementwise = pairs.map(
        ([layer, other]) => (rawCosine(layer.values, other.values) ?? NaN) * Math.sqrt(EXPERTS * WIDTH),
      );
      naive.push(stouffer(elementwise) ?? NaN);
      joint.push(jointTraceOf(pairs)?.z ?? NaN);
    }
    expect(deviationOf(naive)).toBeGreaterThan(7);
    expect(deviationOf(naive)).toBeLessThan(9.5);
    expect(Math.max(...naive.map(Math.abs))).toBeGreaterThan(18);
    expect(Math.abs(deviationOf(joint) - 1)).toBeLessThan(0.15);
    expect(Math.max(...joint.map(Math.abs))).toBeLessThan(4);
  });
});

describe('published permutation tests', () => {
  // ahmeda14960/model-tracing: observed ℓ2, mean and sd of 100 permuted ones as printed, z from the raw values.
  it.each([
    ['Llama-2-7b', 'CodeLlama', 93.19, 132.04, 0.0077, -5062],
    ['Llama-2-7b', 'vicuna-1.5', 4.19, 111.41, 0.0128, -8368],
    ['Llama-2-7b', 'llemma', 88.74, 124.33, 0.0079, -4520],
    ['Llama-2-7b', 'Orca-2', 5.71, 109.75, 0.0114, -9125],
    ['CodeLlama', 'llemma', 49.64, 145.55, 0.0135, -7101],
    ['CodeLlama', 'vicuna-1.5', 93.25, 132.12, 0.0085, -4554],
    ['CodeLlama', 'Orca-2', 93.11, 131.69, 0.0097, -3979],
  ])('%s–%s: z follows from the printed values within their rounding', (_, __, ell2, mean, sd, z) => {
    // A distance is small where a similarity is large.
    const gap = mean - ell2;
    expect(-z).toBeGreaterThan((gap - 0.01) / (sd + 0.00005));
    expect(-z).toBeLessThan((gap + 0.01) / (sd - 0.00005));
    expect(log10PTwoSided(z)).toBeLessThan(-3e6);
  });

  it('their p floors, .01 of 99 and .0099 of 100 permutations, hide such z', async () => {
    const floor = async (permutations: number) =>
      (await selectionTail(1, { seed: seedOf('floor'), permutations }, () => 0)).p;
    expect(await floor(99)).toBe(0.01);
    expect(await floor(100)).toBeCloseTo(0.0099, 5);
  });

  it('a norm vector of width 288 with itself reaches √287 and no more', () => {
    const vector = { values: gaussians(randomOf('norm'), 288), features: 1, units: 288 };
    const z = vectorTrace(vector, vector)?.z ?? NaN;
    expect(z).toBeCloseTo(16.9411, 4);
    expect(log10PTwoSided(16.9411)).toBeCloseTo(-63.649949, 6);
  });
});

describe('published power table: 1152 hidden units at width 288 against a noisy copy', () => {
  const [UNITS, WIDTH] = [1152, 288];
  const random = randomOf('power table');
  const original = gaussians(random, UNITS * WIDTH);

  /** Rows of unit norm, hidden units × width. */
  function directions(values: Float64Array): Factor {
    const unit = Float64Array.from(values);
    for (let row = 0; row < UNITS; row += 1) {
      const direction = unit.subarray(row * WIDTH, (row + 1) * WIDTH);
      const norm = Math.sqrt(direction.reduce((sum, x) => sum + x * x, 0));
      direction.forEach((x, at) => (direction[at] = x / norm));
    }
    return { values: unit, features: UNITS, units: WIDTH };
  }

  /** Hidden units as the permuted axis. */
  const hidden = ({ values }: Factor): Factor => ({
    values: Float64Array.from(
      values,
      (_, at) => values[(at % UNITS) * WIDTH + Math.floor(at / UNITS)] ?? NaN,
    ),
    features: WIDTH,
    units: UNITS,
  });

  it.each([
    // k, r, trace z, fixed points as published; our synthetic weights are isotropic, theirs were trained.
    [4, 0.2425, 135, 977],
    [8, 0.124, 70.9, 149],
    [16, 0.0624, 35.9, 24],
    [32, 0.0312, 17.5, 2],
    [64, 0.0156, 8.1, 2],
  ])('noise of %d sd: r %d, trace z %d, %d fixed points', (k, r, z, published) => {
    expect(1 / Math.sqrt(1 + k * k)).toBeCloseTo(r, 4);
    const noise = gaussians(random, UNITS * WIDTH);
    const a = directions(original);
    const b = directions(original.map((x, at) => x + k * (noise[at] ?? NaN)));
    const trace = traceMoments(hidden(a), hidden(b));
    expect(Math.abs((trace?.z ?? NaN) - z)).toBeLessThan(4.5 + 0.03 * z);
    expect(Math.abs((trace?.r ?? NaN) - r)).toBeLessThan(0.006);
    const cosines = { values: rowProducts(a, b), rows: UNITS, columns: UNITS };
    const matching = linearAssignment(cosines, 'maximum').columnOfRow;
    const identity = identityPermutation(UNITS);
    const count = fixedPoints(matching, identity);
    expect(Math.abs(count - published)).toBeLessThan(4 + 4 * Math.sqrt(published));
    const agreement = matchingSpearman(matching, identity);
    if (k === 4) expect(agreement?.log10P).toBeLessThan(-300);
    if (k >= 16) expect(agreement?.log10P).toBeGreaterThan(-3);
    if (k === 16) expect(fixedPointsLog10P(count, UNITS)).toBeLessThan(-12);
  });

  it('1/K! and the normal tail give the printed p-values', () => {
    expect(fixedPointsLog10P(149, UNITS)).toBeLessThanOrEqual(log10(1e-260) + 0.5);
    expect(fixedPointsLog10P(149, UNITS)).toBeGreaterThan(-261.5);
    expect(fixedPointsLog10P(24, UNITS)).toBeCloseTo(-24, -0.5);
    const oneSided = (z: number) => log10PTwoSided(z) - log10(2);
    expect(oneSided(35.9)).toBeCloseTo(log10(2e-282), 0);
    expect(oneSided(17.5)).toBeCloseTo(log10(8e-69), 0);
    expect(oneSided(8.1)).toBeCloseTo(log10(2e-16), 0);
  });
});

describe('published scores without a null of their own', () => {
  /** AWM: Z from 90 negative pairs of large models. */
  const awmZ = (score: number) => (score - 0.00375) / 0.0028;

  it('AWM: the largest Z there is, and weak pairs, follow from the printed score', () => {
    expect(awmZ(1)).toBeCloseTo(355.8, 1);
    expect(awmZ(0.038)).toBeCloseTo(12.1, 0);
    expect(awmZ(0.38)).toBeCloseTo(135, -1);
  });

  it('AWM: a pair of small independent models would get Z 3.6 and 5.8; without own controls it gets none', () => {
    expect(awmZ(0.0137)).toBeCloseTo(3.55, 2);
    expect(awmZ(0.02)).toBeCloseTo(5.8, 1);
    expect(adjustedZ(awmZ(0.0137), [])).toBeNull();
  });

  it('MDIR: the best of all permutations of 4096 reaches 245, a mean coefficient of .06', () => {
    const threshold = Math.sqrt(2 * logFactorial(4096));
    expect(threshold).toBeCloseTo(245, 0);
    expect(threshold / 4096).toBeCloseTo(0.06, 3);
    const small = haarTrace(new Float64Array(64 * 64), identityPermutation(64), 64);
    expect(small.threshold).toBe(Math.sqrt(2 * logFactorial(64)));
  });

  it('rows of embeddings: the published sd of .0151 and .0153 is that of independent rows, 1/√4096', () => {
    const random = randomOf('rows');
    const cosines = Array.from(
      { length: 300 },
      () => rawCosine(gaussians(random, 4096), gaussians(random, 4096)) ?? NaN,
    );
    expect(deviationOf(cosines)).toBeCloseTo(1 / 64, 2);
    for (const published of [0.01508, 0.01533]) {
      expect(Math.abs(published / deviationOf(cosines) - 1)).toBeLessThan(0.15);
    }
  });
});
