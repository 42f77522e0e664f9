import { canonicalJson } from '@jokbo/contracts';
import { sha256 } from '../evidence-store.js';
import { resolveSource } from '../programme/index.js';
import { VERSION } from '../version.js';
import type { NamedRelease } from './extended-programme.js';
import { listingDigest, listSource } from './list-source.js';
import type { WatchedProgramme } from './read-watched.js';

/**
 * Digest of all that a result depends on: the tool, the programme, its rules, and which versions of which objects lie
 * below every source. Nothing of them is read.
 */
export async function programmeState(
  { programme, rules, rulesText, uri }: WatchedProgramme,
  releases: readonly NamedRelease[],
  signal?: AbortSignal,
): Promise<string> {
  const sources = [
    ...programme.subjects.flatMap(({ source, training }) =>
      training === null ? [source] : [source, training],
    ),
    ...programme.references.map(({ source }) => source),
  ].map((source) => resolveSource(programme, source, uri));
  const digests: string[] = [];
  for (const source of sources) digests.push(listingDigest(await listSource(source, signal)));
  return sha256(canonicalJson({ tool: VERSION, programme, rules, rulesText, digests, releases }));
}
