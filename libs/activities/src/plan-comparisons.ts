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
 * controls that they need, the reference × reference pairs that calibrate, tier 3 of the audited pairs and of the pairs
 * that calibrate it where the rules ask for it, and the controls over all elements of the pairs that are to be measured
 * so.
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
    add('self', subject.id, subject.id);
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
  const calibrating = calibrationPairs(programme);
  for (const [a, b] of calibrating) add('calibration', a, b);
  const alike = alikePairs(programme, calibrating);
  // What they have in common by tier 1 is measured too: it would disqualify them.
  const isNegative = (a: string, b: string): boolean =>
    comparisons.some(
      ({ kind, subject, reference }) => kind === 'negative' && subject === a && reference === b,
    );
  for (const [a, b] of alike) if (!isNegative(a, b)) add('negative', a, b);
  if (programme.rules.require_tier3) {
    const audited = comparisons.filter(({ kind }) => kind === 'audit');
    for (const { subject, reference } of audited) add('disguise', subject, reference);
    for (const [a, b] of [...calibrating, ...alike]) add('disguise', a, b);
  }
  const whole = comparisons.filter(({ kind, mode }) => kind === 'audit' && mode === 'full');
  return [...comparisons, ...fullControls(comparisons, whole)];
}

function familyOf(programme: Programme, id: string): string | undefined {
  return programme.references.find((reference) => reference.id === id)?.family;
}

/** Pairs that are named as alike, beyond those that calibrate anyway. */
function alikePairs({ controls }: Programme, known: readonly (readonly [string, string])[]) {
  const names = new Set(known.flatMap(([a, b]) => [`${a}|${b}`, `${b}|${a}`]));
  return (controls.alike ?? []).filter(([a, b]) => !names.has(`${a}|${b}`));
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
