import { sha256 } from '../evidence-store.js';

/** Longest id before its suffix: with it, at most the 64 characters that a programme allows. */
const MAX_STEM = 55;

/** Letters of a digest that tell releases of one name apart. */
const SUFFIX_LENGTH = 8;

/**
 * The id that a release gets from the name of its folder; with a suffix where the name is no id, or is taken.
 *
 * @param taken ids in lower case: ids that differ by case alone are one to a file system.
 */
export function releaseId(name: string, source: string, taken: ReadonlySet<string>): string {
  const stem = name
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, MAX_STEM);
  if (stem === name && !taken.has(stem.toLowerCase())) return stem;
  const suffix = sha256(source).slice(0, SUFFIX_LENGTH);
  return stem === '' ? `release-${suffix}` : `${stem}-${suffix}`;
}
