import type { EvidenceRecord, TensorSummary } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import { innerProduct, type Factor } from '@jokbo/statistics';
import { elementFault } from '../unmeasurable.js';
import { factorRows } from './factor-rows.js';
import { productOfRows, unitRows } from './matrix-product.js';
import { disguiseRecord, notAligned, type ModelPair, type Widths } from './model-pair.js';
import type { SharedTokens } from './shared-tokens.js';

/** Rare shared tokens whose embeddings are the inputs; HuRef takes 4096. */
const RARE_TOKENS = 256;

/** Last layers that the terms are taken of. */
const LAST_LAYERS = 2;

/** The invariant terms, by the component that they speak about. */
const TERMS = { attention: ['query-key', 'value-output'], mlp: ['feed-forward'] } as const;
type Term = (typeof TERMS)[keyof typeof TERMS][number];

/**
 * HuRef's invariant terms (Zeng et al. 2024, arXiv 2312.04828) of the last two layers on rare shared tokens X:
 * M_a = X·W_q'·W_k·X', M_b = X·W_v'·W_o'·X', M_f = X·(W_g∘W_u)'·W_d'·X', rows standardised; the score is the mean
 * cosine (ICS/100). It has no null: same-data independents reach .9. Its z, score·√tokens, only has a scale, and means
 * something beside control pairs alone.
 */
export async function hurefEvidence(
  pair: ModelPair,
  tokens: SharedTokens,
  widths: Widths,
): Promise<EvidenceRecord[]> {
  const rare = rarest(tokens);
  const records: EvidenceRecord[] = [];
  for (const component of ['attention', 'mlp'] as const) {
    const statistic = { method: 'huref', component, permuted: 'none' } as const;
    const scores = new Map<Term, number[]>();
    for (let fromLast = 1; fromLast <= LAST_LAYERS; fromLast += 1) {
      pair.signal?.throwIfAborted();
      for (const term of TERMS[component]) {
        const a = await invariantTerm(pair, pair.subject, rare.own, fromLast, term);
        const b = await invariantTerm(pair, pair.reference, rare.other, fromLast, term);
        if (a === null || b === null) continue;
        const score = innerProduct(a.values, b.values) / rare.own.features;
        scores.set(term, [...(scores.get(term) ?? []), score]);
      }
    }
    const all = [...scores.values()].flat();
    if (all.length === 0) {
      records.push(notAligned(pair, statistic, 'no-complete-projections'));
      continue;
    }
    const score = mean(all);
    const details: Record<string, number> = {};
    for (const [term, values] of scores) details[term.replace('-', '_')] = mean(values);
    records.push(
      disguiseRecord(pair, statistic, widths, {
        z: score * Math.sqrt(rare.own.features),
        r: score,
        units: rare.own.features,
        tensors: all.length,
        details,
      }),
    );
  }
  return records;
}

function rarest({ own, other, rarity }: SharedTokens): { own: Factor; other: Factor } {
  const order = rarity
    .map((value, row) => ({ value, row }))
    .sort((x, y) => y.value - x.value || x.row - y.row);
  const rows = order.slice(0, RARE_TOKENS).map(({ row }) => row);
  const chosen = ({ values, units }: Factor): Factor => {
    const result = new Float64Array(rows.length * units);
    rows.forEach((row, at) => result.set(values.subarray(row * units, (row + 1) * units), at * units));
    return { values: result, features: rows.length, units };
  };
  return { own: chosen(own), other: chosen(other) };
}

/** One term with standardised rows; null where a projection is missing, incomplete or grouped unevenly. */
async function invariantTerm(
  { backend }: ModelPair,
  model: ModelData,
  inputs: Factor,
  fromLast: number,
  term: Term,
): Promise<Factor | null> {
  const layer = textLayers(model) - fromLast;
  const whole = async (role: string): Promise<Factor | null> => {
    const tensor: TensorSummary | undefined = model.tensors.get(`text|${layer}|${role}|-|weight`);
    if (tensor === undefined || elementFault(tensor) !== null) return null;
    const data = await model.factor(tensor.key);
    if (data?.units !== inputs.units || data.indices !== null) return null;
    return factorRows(
      data,
      Array.from({ length: data.features }, (_, row) => row),
    );
  };
  const answers = async (factor: Factor): Promise<Factor> => ({
    values: await productOfRows(inputs, factor, backend),
    features: inputs.features,
    units: factor.features,
  });
  const sides: readonly (Factor | null)[] =
    term === 'query-key'
      ? [await whole('attn.q'), await whole('attn.k')]
      : term === 'value-output'
        ? [await whole('attn.v'), await whole('attn.o')]
        : [elementwise(await whole('mlp.gate'), await whole('mlp.up')), await whole('mlp.down')];
  const [first, second] = sides;
  if (first === null || first === undefined || second === null || second === undefined) return null;
  const [left, right] = [await answers(first), await answers(second)];
  const { kvHeads } = model.architecture;
  const paired = sameChannels(left, right, kvHeads);
  if (paired === null) return null;
  const values = await productOfRows(paired[0], paired[1], backend);
  return unitRows({ values, features: inputs.features, units: inputs.features }, true);
}

function textLayers(model: ModelData): number {
  let layers = 0;
  for (const { scope, layer } of model.tensors.values()) {
    if (scope === 'text' && layer !== null) layers = Math.max(layers, layer + 1);
  }
  return layers;
}

function elementwise(a: Factor | null, b: Factor | null): Factor | null {
  if (a?.values.length !== b?.values.length || a === null || b === null) return null;
  return { ...a, values: Float64Array.from(a.values, (value, at) => value * (b.values[at] ?? NaN)) };
}

/** Key or value channels repeated for every query head of their group; null where the counts do not divide. */
function sameChannels(a: Factor, b: Factor, kvHeads: number | null): readonly [Factor, Factor] | null {
  if (a.units === b.units) return [a, b];
  const [few, many] = a.units < b.units ? [a, b] : [b, a];
  const channels = few.units / (kvHeads ?? 0);
  const repeats = many.units / few.units;
  if (!Number.isInteger(channels) || !Number.isInteger(repeats)) return null;
  const values = new Float64Array(few.features * many.units);
  for (let row = 0; row < few.features; row += 1) {
    for (let at = 0; at < many.units; at += 1) {
      const group = Math.floor(at / (channels * repeats));
      values[row * many.units + at] = few.values[row * few.units + group * channels + (at % channels)] ?? NaN;
    }
  }
  const repeated = { values, features: few.features, units: many.units };
  return a.units < b.units ? [repeated, b] : [a, repeated];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
