import { createHash } from 'node:crypto';

/** Version of the sampling scheme; part of every seed, so samples of two versions never mix. */
export const SAMPLING_SCHEME = 'jokbo-sample-1';

/** What one choice of features is seeded with: nothing of a model, nothing of a layer. */
export interface SampleSeed {
  /** Roles that must share their choice have one name, e.g. `mlp` for gate, up and down. */
  readonly family: string;
  readonly axis: string;
  readonly shape: readonly number[];
}

function keyedHash(seed: SampleSeed, item: string): string {
  const scheme = `${SAMPLING_SCHEME}|${seed.family}|${seed.axis}|${seed.shape.join('x')}`;
  return createHash('sha256').update(scheme).update('\0').update(item).digest('hex');
}

/**
 * The `count` of `size` indices with the smallest keyed SHA-256, ascending. Choices are nested: a smaller
 * count is a subset of a larger one, so models with different budgets still overlap.
 */
export function sampleIndices(seed: SampleSeed, size: number, count: number): number[] {
  if (count >= size) return Array.from({ length: size }, (_, index) => index);
  const keyed = Array.from({ length: size }, (_, index) => ({ index, hash: keyedHash(seed, String(index)) }));
  keyed.sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : a.index - b.index));
  return keyed
    .slice(0, count)
    .map((entry) => entry.index)
    .sort((a, b) => a - b);
}

const TOKEN_SEED: SampleSeed = { family: 'token', axis: 'bytes', shape: [] };

/**
 * The `count` token ids whose bytes have the smallest keyed SHA-256, ascending by id. Seeded by the bytes of
 * the token, so that vocabularies with different ids keep the same tokens. Of ids with equal bytes the lowest
 * stays.
 */
export function sampleTokens(bytesById: ReadonlyMap<number, string>, rows: number, count: number): number[] {
  const idByBytes = new Map<string, number>();
  for (const [id, bytes] of [...bytesById].sort(([a], [b]) => a - b)) {
    if (id < rows && !idByBytes.has(bytes)) idByBytes.set(bytes, id);
  }
  const keyed = [...idByBytes].map(([bytes, id]) => ({ id, hash: keyedHash(TOKEN_SEED, bytes) }));
  keyed.sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : a.id - b.id));
  return keyed
    .slice(0, count)
    .map((entry) => entry.id)
    .sort((a, b) => a - b);
}
