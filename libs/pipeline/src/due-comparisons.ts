import type { ComparisonStep, EvidenceReference, PlannedComparison } from '@jokbo/contracts';
import { dueDisguises } from './due-disguises.js';
import { fullControls } from './full-controls.js';
import { settledEvidence } from './settled-evidence.js';

/**
 * The comparisons of one step of an audit. Those over all elements and the disguises follow from what was measured before.
 *
 * @param planned every comparison of the plan whose models could be read.
 * @param evidence of the steps before.
 */
export function dueComparisons(
  step: ComparisonStep,
  planned: readonly PlannedComparison[],
  evidence: readonly EvidenceReference[],
): PlannedComparison[] {
  switch (step) {
    case 'sampled':
      return planned.filter(({ kind, mode }) => mode === 'sampled' && kind !== 'disguise');
    case 'full': {
      const open = evidence
        .filter(({ needsFull }) => needsFull)
        .map(({ comparison }) => ({ ...comparison, mode: 'full' as const }));
      return [...planned.filter(({ mode }) => mode === 'full'), ...open, ...fullControls(planned, open)];
    }
    case 'disguise':
      return dueDisguises(planned, settledEvidence(planned, evidence));
  }
}
