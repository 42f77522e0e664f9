import { createHash } from 'node:crypto';

/** Version of the sampling scheme; part of every seed, so samples of two versions never mix. */
export const SAMPLING_SCHEME = 'jokbo-sample-3';

/** What one choice of features is seeded with: nothing of a model, nothing of a layer. */
export interface SampleSeed {
  /** Roles that must share their choice have one name, e.g. `feed_forward` for gate, up and down. */
  readonly family: string;
  readonly axis: string;
  readonly shape: readonly number[];
}

/** 48 bits: what a number holds exactly, and enough that equal keys do not matter. */
const KEY_BYTES = 6;

function schemeOf(seed: SampleSeed): string {
  return `${SAMPLING_SCHEME}|${seed.family}|${seed.axis}|${seed.shape.join('x')}`;
}

/** Index i has bytes 6i to 6i + 6 of SHAKE256 over the seed (FIPS 202): one hash keys them all. */
function indexKeys(seed: SampleSeed, size: number): Float64Array {
  const stream = createHash('shake256', { outputLength: size * KEY_BYTES })
    .update(schemeOf(seed))
    .digest();
  const keys = new Float64Array(size);
  for (let index = 0; index < size; index += 1) keys[index] = stream.readUIntBE(index * KEY_BYTES, KEY_BYTES);
  return keys;
}

/** Leading bits by which keys are counted before those of one count are sorted. */
const BUCKETS = 2 ** 12;
const KEYS_PER_BUCKET = 2 ** (8 * KEY_BYTES) / BUCKETS;

/** The key that would stand at `rank` if all were sorted; only those near it are. */
function keyOfRank(keys: Float64Array, rank: number): number {
  const counts = new Uint32Array(BUCKETS);
  for (const key of keys) {
    const bucket = Math.floor(key / KEYS_PER_BUCKET);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  let bucket = 0;
  let left = rank;
  for (; left >= (counts[bucket] ?? Infinity); bucket += 1) left -= counts[bucket] ?? 0;
  const near = keys.filter((key) => Math.floor(key / KEYS_PER_BUCKET) === bucket);
  return near.sort()[left] ?? Infinity;
}

/**
 * The `count` of `size` indices with the smallest seeded keys, ascending. Choices are nested: a smaller count is a
 * subset of a larger one, so models with different budgets still overlap.
 */
export function sampleIndices(seed: SampleSeed, size: number, count: number): number[] {
  if (count >= size) return Array.from({ length: size }, (_, index) => index);
  if (count <= 0) return [];
  const keys = indexKeys(seed, size);
  const bound = keyOfRank(keys, count - 1);
  let atBound = count;
  for (const key of keys) if (key < bound) atBound -= 1;
  const chosen: number[] = [];
  keys.forEach((key, index) => {
    if (key > bound || (key === bound && atBound <= 0)) return;
    if (key === bound) atBound -= 1;
    chosen.push(index);
  });
  return chosen;
}

const TOKEN_SCHEME = schemeOf({ family: 'token', axis: 'bytes', shape: [] });

function tokenKey(bytes: string): string {
  return createHash('sha256').update(`${TOKEN_SCHEME}\0${bytes}`).digest('hex');
}

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
  const hashed = [...idByBytes].map(([bytes, id]) => ({ id, hash: tokenKey(bytes) }));
  // A whole vocabulary is not sorted by its hashes: only those that may be chosen are.
  const keys = Float64Array.from(hashed, ({ hash }) => Number.parseInt(hash.slice(0, 2 * KEY_BYTES), 16));
  const bound = count > 0 && count < keys.length ? keyOfRank(keys, count - 1) : Infinity;
  return hashed
    .filter((_, at) => (keys[at] ?? 0) <= bound)
    .sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : a.id - b.id))
    .slice(0, count)
    .map((entry) => entry.id)
    .sort((a, b) => a - b);
}
