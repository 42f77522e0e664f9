import type { PlannedComparison, Programme } from '@jokbo/contracts';
import { fullControls } from '@jokbo/pipeline';

/** A model of the programme by id, with where it lies. */
export interface PlannedEntry {
  readonly id: string;
  readonly uri: string;
  readonly family: string;
}

/**
 * Every comparison of an audit in fixed order: subject × reference pairs (never a release with itself), the
 * controls that they need, the reference × reference pairs that calibrate, and the controls over all elements of
 * the pairs that are to be measured so.
 */
export function planComparisons(
  programme: Programme,
  entries: ReadonlyMap<string, PlannedEntry>,
): PlannedComparison[] {
  const uriOf = (id: string): string => entries.get(id)?.uri ?? id;
  const full = new Set(programme.full.map(({ subject, reference }) => `${subject}|${reference}`));
  const comparisons: PlannedComparison[] = [];
  const add = (kind: PlannedComparison['kind'], subject: string, reference: string): void => {
    const mode = kind === 'audit' && full.has(`${subject}|${reference}`) ? 'full' : 'sampled';
    comparisons.push({ kind, subject, reference, mode });
  };
  for (const subject of programme.subjects) {
    add('identity', subject.id, subject.id);
    add('int8', subject.id, subject.id);
    for (const reference of programme.references) {
      if (uriOf(subject.id) !== uriOf(reference.id)) add('audit', subject.id, reference.id);
    }
  }
  for (const reference of programme.references) {
    for (const control of programme.controls.negative) {
      if (familyOf(programme, control) !== reference.family) add('negative', reference.id, control);
    }
  }
  for (const { derivative, base } of programme.controls.positive) add('derivative', derivative, base);
  for (const [a, b] of calibrationPairs(programme)) add('calibration', a, b);
  const whole = comparisons.filter(({ kind, mode }) => kind === 'audit' && mode === 'full');
  return [...comparisons, ...fullControls(comparisons, whole)];
}

function familyOf(programme: Programme, id: string): string | undefined {
  return programme.references.find((reference) => reference.id === id)?.family;
}

/** One representative per family: pairs of one lineage would repeat nearly the same draw. */
function calibrationPairs(programme: Programme): [string, string][] {
  const representatives = new Map<string, string>();
  for (const { id, family } of programme.references) {
    if (!representatives.has(family)) representatives.set(family, id);
  }
  const ids = [...representatives.values()];
  return ids.flatMap((a, index) => ids.slice(index + 1).map((b): [string, string] => [a, b]));
}
