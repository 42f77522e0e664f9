import { describe, expect, it } from 'vitest';
import { meanCorrelationVariance, rawCosine, stouffer, vectorTrace, type Factor } from '../src/index.js';
import { jointTraceOf } from './joint-trace-of.js';
import { deviationOf, gaussians, randomOf } from './simulated-factors.js';

/** 46 norm vectors of one model whose layers resemble each other, as those of every trained model do. */
function normWeights(name: string, layers: number, width: number): Factor {
  const random = randomOf(name);
  const common = gaussians(random, width);
  const own = gaussians(random, layers * width);
  return {
    values: own.map((x, at) => 1 + 0.1 * (0.8 * (common[at % width] ?? NaN) + 0.6 * x)),
    features: layers,
    units: width,
  };
}

describe('LayerNorm trap', () => {
  it('pooling layers as independent rejects independent models; the joint test does not', () => {
    const naive: number[] = [];
    const joint: number[] = [];
    for (let pair = 0; pair < 200; pair += 1) {
      const trace = vectorTrace(
        normWeights(`norm a ${pair}`, 46, 256),
        normWeights(`norm b ${pair}`, 46, 256),
      );
      naive.push((trace?.mean ?? NaN) * Math.sqrt(46 * 255));
      joint.push(trace?.z ?? NaN);
    }
    expect(deviationOf(naive)).toBeGreaterThan(3.5);
    expect(Math.max(...naive.map(Math.abs))).toBeGreaterThan(8);
    expect(deviationOf(joint)).toBeGreaterThan(0.85);
    expect(deviationOf(joint)).toBeLessThan(1.15);
    expect(Math.max(...joint.map(Math.abs))).toBeLessThan(4);
  });

  it('raw cosine is above .97 for the same independent models', () => {
    const a = normWeights('cosine a', 1, 4096);
    expect(rawCosine(a.values, normWeights('cosine b', 1, 4096).values)).toBeGreaterThan(0.97);
  });

  it('turns the published 5.47 of Solar against GLM (input norms, 46 layers) into 1.38', () => {
    const mean = 0.012602;
    expect(mean * Math.sqrt(46 * 4095)).toBeCloseTo(5.47, 2);
    // Published correlations within either model, layers 10–20, 10–30 and 20–30, stand for all pairs of layers.
    const product = (0.4567 * 0.772 + 0.3536 * 0.6464 + 0.6321 * 0.6222) / 3;
    const rho = new Float64Array(46 * 46).map((_, at) => (at % 47 === 0 ? 1 : product));
    const ones = new Float64Array(46 * 46).fill(1);
    expect(mean / Math.sqrt(meanCorrelationVariance(rho, ones, 46, 4096))).toBeCloseTo(1.38, 2);
  });
});

const ROUTERS = 12;
const EXPERTS = 32;
const WIDTH = 256;

/** Routers of one model: a mean direction, .9 of it common to all layers, holds half of the energy. */
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

describe('router trap', () => {
  it('element-wise cosines reject independent models; the joint test does not', () => {
    const naive: number[] = [];
    const joint: number[] = [];
    for (let pair = 0; pair < 60; pair += 1) {
      const a = routers(`router a ${pair}`);
      const b = routers(`router b ${pair}`);
      const pairs = a.map((layer, index) => [layer, b[index] ?? layer] as const);
      const elementwise = pairs.map(
        ([layer, other]) => (rawCosine(layer.values, other.values) ?? NaN) * Math.sqrt(EXPERTS * WIDTH),
      );
      naive.push(stouffer(elementwise) ?? NaN);
      joint.push(jointTraceOf(pairs)?.z ?? NaN);
    }
    expect(deviationOf(naive)).toBeGreaterThan(5);
    expect(Math.max(...naive.map(Math.abs))).toBeGreaterThan(15);
    expect(deviationOf(joint)).toBeGreaterThan(0.75);
    expect(deviationOf(joint)).toBeLessThan(1.25);
    expect(Math.max(...joint.map(Math.abs))).toBeLessThan(4);
  });
});
