import { UsageError } from '@jokbo/contracts';
import type { Place } from './place.js';

/** Problems that one error lists: more than a screen of them helps nobody. */
const MAX_LISTED = 20;

/** Longest part of an offending value or key that a message repeats, in characters. */
const MAX_SHOWN = 60;

/** Something wrong at one place of a file. */
export interface Problem {
  /** Null where the file as a whole is meant, and in a document that was not read from text. */
  readonly place: Place | null;
  /** e.g. `subjects[2].team`; empty for the file as a whole. */
  readonly key: string;
  /** What was expected, and what was found. */
  readonly text: string;
}

/**
 * Raises all problems of one file as one error: in file order, at most 20 of them, each as
 * `programme.yaml:14:5: subjects[2].team: must be a string, got 3`.
 *
 * @throws UsageError when there is a problem.
 */
export function refuseProblems(problems: readonly Problem[], object: string): void {
  if (problems.length === 0) return;
  const name = object.slice(object.lastIndexOf('/') + 1);
  const lines = problems
    .toSorted(
      (a, b) =>
        (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0),
    )
    .slice(0, MAX_LISTED)
    .map(({ place, key, text }) =>
      [place === null ? name : `${name}:${place.line}:${place.column}`, key, text]
        .filter((part) => part !== '')
        .join(': '),
    );
  if (problems.length > MAX_LISTED) lines.push(`and ${problems.length - MAX_LISTED} more`);
  if (problems.length > 1) lines.push(`${problems.length} problems`);
  throw new UsageError(lines.join('\n'), { object });
}

/** Writes the path of a key as it would be typed: `subjects[2].team`, `storage["a b"]`. */
export function keyPath(path: readonly (string | number)[]): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(part)) return `[${shown(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}

/** An offending value in words, cut to a readable length and without control characters. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return 'a mapping';
  return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value);
}
