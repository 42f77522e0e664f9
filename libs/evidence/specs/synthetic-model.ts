import { createHash } from 'node:crypto';
import type { Architecture, Component, Scope, TensorSummary } from '@jokbo/contracts';
import { createMemo, type FactorData, type ModelData } from '@jokbo/fingerprint';
import { gaussians } from './gaussian.js';

/** A logical tensor with its values, row-major in its logical shape. */
export interface Weight {
  readonly scope: Scope;
  readonly layer: number | null;
  readonly role: string;
  readonly expert: number | null;
  readonly component: Component;
  readonly shape: readonly number[];
  /** Where the residual stream lies: 0 = rows (or the only axis), 1 = columns. */
  readonly axis: 0 | 1 | null;
  readonly values: Float64Array;
}

export interface TinyShape {
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly hidden: number;
  readonly experts: number;
  readonly vocabulary: number;
}

export const TINY: TinyShape = {
  width: 32,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headDim: 8,
  hidden: 24,
  experts: 3,
  vocabulary: 40,
};

/** Share of a weight's variance that all layers of one model have in common. */
interface GaussianOptions {
  readonly shared?: number;
}

/** A model of seeded Gaussian weights; norms around one. Layers may share a component, as trained layers do. */
export function gaussianWeights(
  seed: string,
  shape: TinyShape = TINY,
  { shared = 0 }: GaussianOptions = {},
): Weight[] {
  const { width, layers, heads, kvHeads, headDim, hidden, experts, vocabulary } = shape;
  const weights: Weight[] = [];
  function add(
    component: Component,
    role: string,
    layer: number | null,
    dimensions: readonly number[],
    axis: 0 | 1,
    expert: number | null = null,
  ): void {
    const count = dimensions.reduce((product, size) => product * size, 1);
    const own = gaussians(`${seed}|${layer ?? '-'}|${role}|${expert ?? '-'}`, count);
    const common = gaussians(`${seed}|common|${role}|${expert ?? '-'}`, count);
    const mixed = own.map((x, at) => Math.sqrt(1 - shared) * x + Math.sqrt(shared) * (common[at] ?? 0));
    const norm = component === 'norms';
    const values = mixed.map((x) => Math.fround(norm ? 1 + 0.1 * x : x));
    weights.push({ scope: 'text', layer, role, expert, component, shape: dimensions, axis, values });
  }
  add('embedding', 'embed', null, [vocabulary, width], 1);
  for (let layer = 0; layer < layers; layer += 1) {
    add('norms', 'norm.pre_attn', layer, [width], 0);
    add('attention', 'attn.q', layer, [heads * headDim, width], 1);
    add('attention', 'attn.k', layer, [kvHeads * headDim, width], 1);
    add('attention', 'attn.v', layer, [kvHeads * headDim, width], 1);
    add('attention', 'attn.o', layer, [width, heads * headDim], 0);
    add('norms', 'norm.pre_ffn', layer, [width], 0);
    add('mlp', 'mlp.gate', layer, [hidden, width], 1);
    add('mlp', 'mlp.up', layer, [hidden, width], 1);
    add('mlp', 'mlp.down', layer, [width, hidden], 0);
    if (experts === 0) continue;
    add('router', 'moe.router', layer, [experts, width], 1);
    for (let expert = 0; expert < experts; expert += 1) {
      add('experts', 'moe.expert.gate', layer, [hidden, width], 1, expert);
      add('experts', 'moe.expert.up', layer, [hidden, width], 1, expert);
      add('experts', 'moe.expert.down', layer, [width, hidden], 0, expert);
    }
  }
  add('norms', 'norm.final', null, [width], 0);
  add('head', 'lm_head', null, [vocabulary, width], 1);
  return weights;
}

export function keyOf({ scope, layer, role, expert }: Omit<Weight, 'values'>): string {
  return [scope, layer ?? '-', role, expert ?? '-', 'weight'].join('|');
}

/** Features × units of a weight, row-major: the residual axis as columns. */
export function factorValues({ shape, axis, values }: Weight): {
  values: Float64Array;
  features: number;
  units: number;
} {
  const [first = 1, second = 1] = shape;
  if (shape.length === 1) return { values, features: 1, units: first };
  if (axis === 1) return { values, features: first, units: second };
  const transposed = new Float64Array(values.length);
  values.forEach((value, at) => {
    transposed[(at % second) * first + Math.floor(at / second)] = value;
  });
  return { values: transposed, features: second, units: first };
}

export interface SyntheticOptions {
  readonly shape?: TinyShape;
  /** Kept features by tensor key, ascending; tensors not named are kept whole. `null` = not sampled. */
  readonly sampled?: Readonly<Record<string, readonly number[] | null>>;
  /** Token of every row of embedding and head, by id; the kept rows carry theirs. */
  readonly tokens?: readonly string[];
  /** @default 'F32' */
  readonly dtype?: 'F32' | 'BF16';
}

/** Model data in memory, as a fingerprint would give it. */
export function syntheticModel(
  id: string,
  weights: readonly Weight[],
  options: SyntheticOptions = {},
): ModelData {
  const { sampled = {}, tokens, shape = TINY, dtype = 'F32' } = options;
  const tensors = new Map<string, TensorSummary>();
  const factors = new Map<string, FactorData>();
  for (const weight of weights) {
    const key = keyOf(weight);
    const whole = factorValues(weight);
    const isToken = tokens !== undefined && (weight.role === 'embed' || weight.role === 'lm_head');
    const choice = sampled[key];
    const indices = choice ?? (isToken ? tokens.map((_, index) => index) : null);
    const kept = indices ?? Array.from({ length: whole.features }, (_, feature) => feature);
    if (weight.axis !== null && choice !== null) {
      const rows = kept.flatMap((row) => [
        ...whole.values.subarray(row * whole.units, (row + 1) * whole.units),
      ]);
      factors.set(key, {
        view: { bytes: encode(rows, dtype), dtype, shape: [kept.length, whole.units] },
        dtype,
        features: kept.length,
        units: whole.units,
        indices,
        tokens: isToken ? kept.map((row) => tokens[row] ?? '') : null,
      });
    }
    tensors.set(key, summaryOf(weight, dtype, factors.get(key) ?? null, whole.features));
  }
  return {
    id,
    mode: 'sampled',
    architecture: architectureOf(shape),
    tensors,
    factor: (key) => Promise.resolve(factors.get(key) ?? null),
    memo: createMemo(2 ** 26),
    close: () => Promise.resolve(),
  };
}

function encode(values: readonly number[], dtype: 'F32' | 'BF16'): Uint8Array {
  const f32 = new Uint8Array(Float32Array.from(values).buffer);
  return dtype === 'F32' ? f32 : f32.filter((_, at) => at % 4 >= 2);
}

function summaryOf(
  weight: Weight,
  dtype: 'F32' | 'BF16',
  factor: FactorData | null,
  features: number,
): TensorSummary {
  const { scope, layer, role, expert, component, shape, axis, values } = weight;
  const bytes = encode([...values], dtype);
  const finite = values.filter(Number.isFinite);
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const collisions = [...counts.values()].reduce((sum, count) => sum + (count / values.length) ** 2, 0);
  return {
    scope,
    layer,
    role,
    expert,
    part: 'weight',
    key: keyOf(weight),
    component,
    stored: keyOf(weight),
    dtype,
    shape,
    residual_axis: axis,
    digest: createHash('sha256').update(bytes).digest('hex'),
    parameters: values.length,
    bytes: bytes.length,
    moments: {
      n: values.length,
      sum: finite.reduce((sum, value) => sum + value, 0),
      sum_squares: finite.reduce((sum, value) => sum + value * value, 0),
      min: finite.length === 0 ? null : Math.min(...finite),
      max: finite.length === 0 ? null : Math.max(...finite),
      zeros: finite.filter((value) => value === 0).length,
      not_finite: values.length - finite.length,
      entropy_bits: Math.max(0, -Math.log2(collisions)),
    },
    sample:
      factor === null
        ? null
        : {
            features: factor.features,
            units: factor.units,
            dtype,
            of: features,
            granule: 1,
            indices: factor.indices,
            by: factor.tokens === null ? 'index' : 'token',
            digest: createHash('sha256').update(factor.view.bytes).digest('hex'),
          },
  };
}

function architectureOf(shape: TinyShape): Architecture {
  return {
    modelType: 'synthetic',
    architecture: 'listed',
    hiddenSize: shape.width,
    layers: shape.layers,
    heads: shape.heads,
    kvHeads: shape.kvHeads,
    headDim: shape.headDim,
    experts: shape.experts === 0 ? null : shape.experts,
    vocabulary: shape.vocabulary,
    tied: false,
    visionWidth: null,
    visionHeads: null,
    mla: null,
  };
}
