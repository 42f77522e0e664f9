import type { Component, FoundRelease, Programme } from '@jokbo/contracts';
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
  { programme, uri, rules: { requireTier3 } }: WatchedProgramme,
  releases: readonly NamedRelease[],
  rules: string,
): ProgrammeFile {
  const absolute = (source: string): string => resolveSource(programme, source, uri);
  return {
    version: 1,
    name: programme.name,
    language: programme.language,
    subjects: [
      ...programme.subjects.map((subject) => subjectInFile(subject, absolute)),
      ...releases.map(({ id, team, release, source }) => ({ id, team, release, source })),
    ],
    references: programme.references.map((reference) => ({
      ...reference,
      source: absolute(reference.source),
    })),
    controls: programme.controls,
    budget: programme.budget,
    full: programme.full,
    rules: { id: rules, ...(requireTier3 === null ? {} : { require_tier3: requireTier3 }) },
  };
}

function subjectInFile(
  subject: Programme['subjects'][number],
  absolute: (source: string) => string,
): ProgrammeFile['subjects'][number] {
  const { lineage, training, source, ...rest } = subject;
  return {
    ...rest,
    source: absolute(source),
    declared: lineage.map(({ from, components, note }) => ({
      from,
      // They were read from a file that had passed the schema.
      ...(components.length === 0 ? {} : { components: components as readonly Component[] }),
      ...(note === null ? {} : { note }),
    })),
    ...(training === null ? {} : { training: absolute(training) }),
  };
}
