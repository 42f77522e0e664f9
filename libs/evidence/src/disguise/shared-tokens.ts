import { sampleIndices, type ModelData } from '@jokbo/fingerprint';
import type { Factor } from '@jokbo/statistics';
import { joinByName } from '../paired-factor.js';
import { elementFault } from '../unmeasurable.js';
import { factorRows, featureCount, featureNames } from './factor-rows.js';
import type { ModelPair } from './model-pair.js';

/**
 * Tokens that an alignment is learned from: noise of a column cosine is 1/√n, .02 here, and one side of a matrix at
 * width 8192 stays within 150 MB.
 */
const MAX_TOKENS = 2048;

/** Fewest tokens that say anything about an alignment. */
const MIN_TOKENS = 64;

/** Residual width beyond which a matching of all dimensions takes minutes and gigabytes. */
const MAX_WIDTH = 8192;

/** Embedding rows of the tokens that both models have, in one order: tokens × residual dimensions on either side. */
export interface SharedTokens {
  readonly own: Factor;
  readonly other: Factor;
  /** Position of each token in the two vocabularies, added: rare tokens have large ones. */
  readonly rarity: readonly number[];
  /** Shared tokens before the choice. */
  readonly common: number;
}

/**
 * Embedding rows of shared tokens, joined by token bytes where both models name them so, else by index. Beyond
 * `MAX_TOKENS` a seeded choice blind to the values, the same whichever model is the subject. Rows of zeros (padding)
 * are left out.
 *
 * @returns the reason instead, where too few are shared or an embedding cannot be measured.
 */
export async function sharedTokens({ subject, reference }: ModelPair): Promise<SharedTokens | string> {
  const [own, other] = [await embeddingOf(subject), await embeddingOf(reference)];
  if (typeof own === 'string') return own;
  if (typeof other === 'string') return other;
  const named = own.factor.tokens !== null && other.factor.tokens !== null;
  if (!named && own.rows !== other.rows) return 'no-shared-tokens';
  const namesOf = ({ factor }: Embedding): string[] =>
    named ? [...(factor.tokens ?? [])] : featureNames(factor).map(String);
  const [ownNames, otherNames] = [namesOf(own), namesOf(other)];
  const joined = joinByName(ownNames, otherNames);
  const byName = joined.a
    .map((a, at) => ({ name: ownNames[a] ?? '', a, b: joined.b[at] ?? NaN }))
    .sort((x, y) => (x.name < y.name ? -1 : x.name > y.name ? 1 : 0));
  const seed = { family: 'disguise', axis: 'token', shape: [byName.length] };
  const chosen = sampleIndices(seed, byName.length, MAX_TOKENS).flatMap((at) => byName[at] ?? []);
  const a = factorRows(
    own.factor,
    chosen.map((token) => token.a),
  );
  const b = factorRows(
    other.factor,
    chosen.map((token) => token.b),
  );
  const kept = chosen.flatMap((_, row) => (isZero(a, row) || isZero(b, row) ? [] : [row]));
  if (kept.length < MIN_TOKENS) return 'too-few-shared-tokens';
  const ids = (embedding: Embedding, position: number): number =>
    featureNames(embedding.factor)[position] ?? NaN;
  return {
    own: selected(a, kept),
    other: selected(b, kept),
    rarity: kept.map((row) => {
      const token = chosen[row];
      return token === undefined ? NaN : ids(own, token.a) + ids(other, token.b);
    }),
    common: byName.length,
  };
}

interface Embedding {
  readonly factor: NonNullable<Awaited<ReturnType<ModelData['factor']>>>;
  readonly rows: number;
}

async function embeddingOf(model: ModelData): Promise<Embedding | string> {
  const tensor = model.tensors.get('text|-|embed|-|weight');
  if (tensor === undefined) return 'no-embedding';
  const fault = elementFault(tensor);
  if (fault !== null) return fault;
  const factor = await model.factor(tensor.key);
  if (factor === null) return 'not-sampled';
  if (factor.units > MAX_WIDTH) return 'width-above-limit';
  return { factor, rows: featureCount(tensor, factor) };
}

function isZero({ values, units }: Factor, row: number): boolean {
  return values.subarray(row * units, (row + 1) * units).every((value: number) => value === 0);
}

function selected(factor: Factor, rows: readonly number[]): Factor {
  const { values, units, features } = factor;
  if (rows.length === features) return factor;
  const kept = new Float64Array(rows.length * units);
  rows.forEach((row, position) =>
    kept.set(values.subarray(row * units, (row + 1) * units), position * units),
  );
  return { values: kept, features: rows.length, units };
}
