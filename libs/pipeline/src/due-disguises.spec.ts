import type { ComparisonKind, PlannedComparison } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { dueDisguises } from './due-disguises.js';

function planned(kind: ComparisonKind, subject: string, reference: string): PlannedComparison {
  return { kind, subject, reference, mode: 'sampled' };
}

const plan = [
  planned('audit', 's', 'r'),
  planned('audit', 's', 'q'),
  planned('calibration', 'r', 'q'),
  planned('disguise', 's', 'r'),
  planned('disguise', 's', 'q'),
  planned('disguise', 'r', 'q'),
];

function due(...open: readonly string[]): string[] {
  const evidence = plan.slice(0, 2).map((comparison) => ({
    ...{ comparison, evidence: 'e', needsFull: false },
    needsDisguise: open.includes(comparison.reference),
  }));
  return dueDisguises(plan, evidence).map(
    ({ kind, subject, reference }) => `${kind} ${subject} ${reference}`,
  );
}

describe('dueDisguises', () => {
  it('leaves out audited pairs without room for a disguise, and keeps the controls of the others', () => {
    expect(due('r')).toEqual(['disguise s r', 'disguise r q']);
    expect(due('r', 'q')).toEqual(['disguise s r', 'disguise s q', 'disguise r q']);
  });

  it('measures no control where no pair is searched', () => {
    expect(due()).toEqual([]);
  });
});
