import type { PlannedComparison } from '@jokbo/contracts';

/** Which control comparisons serve a pair: those of its subject, and those of its reference. */
function serves(control: PlannedComparison, pair: PlannedComparison): boolean {
  switch (control.kind) {
    case 'identity':
    case 'int8':
      return control.subject === pair.subject;
    case 'negative':
      return control.subject === pair.reference;
    case 'derivative':
      return control.reference === pair.reference;
    case 'audit':
    case 'calibration':
    case 'disguise':
    case 'self':
      return false;
  }
}

/**
 * The controls of pairs that are measured over all elements, over all elements themselves: a control that is sampled
 * unlike its pair says nothing about it. Self-scrambles are drawn from the pair's own products and need none.
 *
 * @param planned every comparison of the plan.
 * @param pairs audited pairs in full mode.
 * @returns those that the plan does not have yet, each once, in the plan's order.
 */
export function fullControls(
  planned: readonly PlannedComparison[],
  pairs: readonly PlannedComparison[],
): PlannedComparison[] {
  const name = ({ kind, subject, reference }: PlannedComparison): string =>
    [kind, subject, reference].join('|');
  const known = new Set(planned.filter(({ mode }) => mode === 'full').map(name));
  return planned.flatMap((control) => {
    if (known.has(name(control)) || !pairs.some((pair) => serves(control, pair))) return [];
    known.add(name(control));
    return [{ ...control, mode: 'full' as const }];
  });
}
