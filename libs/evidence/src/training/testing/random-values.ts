import { createHash } from 'node:crypto';
import { createRandom } from '@jokbo/statistics';

/** Seeded uniform numbers in (0, 1). */
export function uniforms(seed: string): () => number {
  const random = createRandom(createHash('sha256').update(seed).digest('hex'));
  return () => (random.uint32() + 0.5) / 2 ** 32;
}

/** Seeded standard normal numbers (Box and Muller 1958). */
export function normals(seed: string): () => number {
  const uniform = uniforms(seed);
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

export function normalValues(count: number, sigma: number, seed: string): Float32Array {
  const normal = normals(seed);
  return Float32Array.from({ length: count }, () => sigma * normal());
}
