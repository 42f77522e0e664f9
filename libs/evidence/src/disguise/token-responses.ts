import type { TensorSummary } from '@jokbo/contracts';
import type { FactorData, ModelData } from '@jokbo/fingerprint';
import type { Factor } from '@jokbo/statistics';
import { factorRows, featureNames } from './factor-rows.js';
import { foldedFactor } from './folding.js';
import { productOfRows, unitRows } from './matrix-product.js';
import type { ModelPair } from './model-pair.js';
import type { SharedTokens } from './shared-tokens.js';

/** Tokens that responses are taken of: a cosine of independent responses has a deviation of 1/√n. */
const MAX_RESPONSE_TOKENS = 1024;

/** How a matrix answers the shared tokens. */
export interface Responses {
  /** Rows × tokens, each row centred over the tokens and of unit norm. */
  readonly responses: Factor;
  /** Row of the tensor that each row of the responses is. */
  readonly rows: readonly number[];
  readonly data: FactorData;
}

/** Answers of the matrices of either side to the same tokens. */
export interface TokenInputs {
  /** @returns null where the tensor is not sampled or belongs to another residual stream. */
  own(tensor: TensorSummary, limit?: readonly number[]): Promise<Responses | null>;
  other(tensor: TensorSummary, limit?: readonly number[]): Promise<Responses | null>;
}

/**
 * Responses X = (E/rms)·(γ∘W)' of matrices that read the residual stream, to embeddings of shared tokens: the first
 * layer's input without position, given to every layer. Each side uses its own embedding, so no basis of the residual
 * stream, no order, sign or rotation, changes them (the weight-only probe of Zeng et al. 2025, arXiv 2502.12292).
 */
export function tokenInputs({ subject, reference, backend }: ModelPair, tokens: SharedTokens): TokenInputs {
  const side = (model: ModelData, embedding: Factor): TokenInputs['own'] => {
    const inputs = scaledRows(firstRows(embedding));
    return async (tensor, limit) => {
      const data = await model.factor(tensor.key);
      if (data === null || data.units !== inputs.units) return null;
      const names = featureNames(data);
      const positions = positionsOf(names, limit);
      const rows = await foldedFactor(model, tensor, factorRows(data, positions));
      const values = await productOfRows(rows, inputs, backend);
      const responses = unitRows({ values, features: rows.features, units: inputs.features }, true);
      return { responses, rows: positions.map((position) => names[position] ?? NaN), data };
    };
  };
  return { own: side(subject, tokens.own), other: side(reference, tokens.other) };
}

function firstRows({ values, features, units }: Factor): Factor {
  const count = Math.min(features, MAX_RESPONSE_TOKENS);
  return { values: values.subarray(0, count * units), features: count, units };
}

/** Rows divided by their root mean square: what a norm layer does to them. */
function scaledRows(factor: Factor): Factor {
  const { values, ...shape } = unitRows(factor, false);
  const scale = Math.sqrt(factor.units);
  return { ...shape, values: values.map((value) => value * scale) };
}

/** Positions of the named rows that are kept, in the order of the names; all where none are named. */
function positionsOf(names: readonly number[], limit: readonly number[] | undefined): number[] {
  if (limit === undefined) return names.map((_, position) => position);
  const positions = new Map(names.map((name, position) => [name, position]));
  return limit.flatMap((name) => positions.get(name) ?? []);
}
