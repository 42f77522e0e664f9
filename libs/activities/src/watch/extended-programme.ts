import type { FoundRelease } from '@jokbo/contracts';
import { resolveSource } from '../programme/index.js';
import type { ProgrammeFile } from '../programme/programme-file.js';
import type { WatchedProgramme } from './read-watched.js';

/** A release that was found, with the id that it has in results. */
export interface NamedRelease extends FoundRelease {
  readonly id: string;
}

/**
 * A programme file with releases that were found beside those that it names. Its sources are absolute, so that it may lie
 * anywhere.
 *
 * @param rules name of the rule set as the file is to have it.
 */
export function extendedProgramme(
  { programme, file, uri, rules: { requireTier3 } }: WatchedProgramme,
  releases: readonly NamedRelease[],
  rules: string,
): ProgrammeFile {
  const absolute = (source: string): string => resolveSource(programme, source, uri);
  return {
    ...file,
    subjects: [
      ...file.subjects.map(({ source, training, ...subject }) => ({
        ...subject,
        source: absolute(source),
        ...(training === undefined ? {} : { training: absolute(training) }),
      })),
      ...releases.map(({ id, team, release, source }) => ({ id, team, release, source })),
    ],
    references: file.references.map((reference) => ({ ...reference, source: absolute(reference.source) })),
    rules: { id: rules, ...(requireTier3 === null ? {} : { require_tier3: requireTier3 }) },
  };
}
