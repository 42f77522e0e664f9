import { createHash } from 'node:crypto';
import type { Component, TensorSummary } from '@jokbo/contracts';
import { createMemo, type FactorData, type ModelData } from '@jokbo/fingerprint';
import { decodeF64 } from '@jokbo/safetensors';
import { createRandom } from '@jokbo/statistics';
import type { MeasuredComponent, MeasuredModel } from '@jokbo/verdict';

/** A tensor of a made model: what it is, and its residual-axis factor in f64, features × units. */
export interface MadeTensor {
  readonly summary: TensorSummary;
  readonly values: Float64Array;
  readonly features: number;
  readonly units: number;
}

/** Derived results kept per model. */
const MEMO_BYTES = 2 ** 26;

/** The tensors of a component with their factors. */
export async function tensorsOf(model: ModelData, component: Component): Promise<MadeTensor[]> {
  const made: MadeTensor[] = [];
  for (const summary of model.tensors.values()) {
    if (summary.component !== component) continue;
    const factor = await model.factor(summary.key);
    if (factor === null) continue;
    const { features, units } = factor;
    made.push({ summary, values: decodeF64(factor.view), features, units });
  }
  return made;
}

/** A model with some components left out and some tensors put in their place or beside them. */
export function madeModel(
  id: string,
  base: ModelData,
  without: readonly Component[],
  tensors: readonly MadeTensor[],
): ModelData {
  const summaries = new Map(
    [...base.tensors].filter(([, { component }]) => component === null || !without.includes(component)),
  );
  const factors = new Map<string, FactorData>();
  for (const { summary, values, features, units } of tensors) {
    const bytes = new Uint8Array(Float32Array.from(values).buffer);
    const [key, dtype] = [keyOf(summary), 'F32' as const];
    const view = { bytes, dtype, shape: [features, units] };
    const digest = createHash('sha256').update(bytes).digest('hex');
    factors.set(key, { view, dtype, features, units, indices: null, tokens: null });
    summaries.set(key, {
      ...summary,
      key,
      stored: key,
      dtype,
      digest,
      parameters: values.length,
      bytes: bytes.length,
      sample: { features, units, dtype, of: features, granule: 1, indices: null, by: 'index', digest },
    });
  }
  return {
    ...base,
    id,
    tensors: summaries,
    factor: (key) => {
      const own = factors.get(key);
      return own === undefined && summaries.has(key) ? base.factor(key) : Promise.resolve(own ?? null);
    },
    memo: createMemo(MEMO_BYTES),
  };
}

function keyOf({ scope, layer, role, expert, part }: TensorSummary): string {
  return [scope, layer ?? '-', role, expert ?? '-', part].join('|');
}

/** What the decision needs to know of a made model. */
export function measuredMade(id: string, model: ModelData): MeasuredModel {
  const components: Partial<Record<Component, MeasuredComponent>> = {};
  for (const { component, parameters, bytes, residual_axis: axis, sample } of model.tensors.values()) {
    if (component === null) continue;
    const held = components[component] ?? { parameters: 0, bytes: 0, eligible: 0, width: null };
    components[component] = {
      parameters: held.parameters + parameters,
      bytes: held.bytes + bytes,
      eligible: held.eligible + (axis === null ? 0 : parameters),
      width: held.width ?? sample?.units ?? null,
    };
  }
  return { id, family: id, components, mappedShare: 1, notFinite: {} };
}

/** Standard normal numbers by the polar method (Marsaglia and Bray 1964). */
export function gaussians(name: string, count: number): Float64Array {
  const random = createRandom(createHash('sha256').update(name).digest('hex'));
  const values = new Float64Array(count);
  for (let at = 0; at < count;) {
    const u = (random.uint32() + 0.5) / 2 ** 31 - 1;
    const v = (random.uint32() + 0.5) / 2 ** 31 - 1;
    const s = u * u + v * v;
    if (s >= 1) continue;
    const scale = Math.sqrt((-2 * Math.log(s)) / s);
    values[at] = u * scale;
    if (at + 1 < count) values[at + 1] = v * scale;
    at += 2;
  }
  return values;
}

/** Values with Gaussian noise of `size` standard deviations of their own. */
export function noisy(name: string, values: Float64Array, size: number): Float64Array {
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
  const noise = gaussians(name, values.length);
  return values.map((x, at) => x + size * deviation * (noise[at] ?? NaN));
}
