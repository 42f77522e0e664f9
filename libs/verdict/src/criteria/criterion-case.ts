import {
  resultSentence,
  VERDICTS,
  type Component,
  type ComponentVerdict,
  type CriterionOutcome,
  type CriterionResult,
  type PairVerdict,
  type SubjectEntry,
  type TrainingSection,
  type VerdictClass,
  type WrittenSentence,
} from '@jokbo/contracts';
import { hasFailed } from '../failed-pair.js';

/** A pair as criteria read it. */
export interface JudgedPair {
  readonly verdict: PairVerdict;
  /** Components for which the team declared this reference as ancestry; empty = all, null = not declared. */
  readonly declared: readonly string[] | null;
}

/** One release as criteria read it: verdicts, what the team declared, its training record. */
export interface CriterionCase {
  readonly subject: SubjectEntry;
  readonly pairs: readonly JudgedPair[];
  /** Null where the team gave no training record. */
  readonly training: TrainingSection | null;
}

/** What one criterion says of one release. */
export interface CriterionFinding {
  readonly outcome: CriterionOutcome;
  readonly reasons: CriterionResult['reasons'];
}

/** A component against one reference that the team did not declare for it. */
export interface UndeclaredVerdict {
  readonly component: ComponentVerdict;
  readonly reference: string;
}

/** Verdicts of components against references that were not declared for them. */
export function undeclaredVerdicts(pairs: readonly JudgedPair[]): UndeclaredVerdict[] {
  return pairs.flatMap(({ verdict, declared }) =>
    verdict.components
      .filter(({ component }) => !isDeclared(declared, component))
      .map((component) => ({ component, reference: verdict.reference })),
  );
}

export function isDeclared(declared: readonly string[] | null, component: Component): boolean {
  return declared !== null && (declared.length === 0 || declared.includes(component));
}

/** Whether a class is at least as severe as another. */
export function isAtLeast(verdict: VerdictClass, mildest: VerdictClass): boolean {
  return VERDICTS.indexOf(verdict) <= VERDICTS.indexOf(mildest);
}

/** Whether nothing can be said, though something was to be measured; norms alone often have too little power. */
export function isOpen(one: ComponentVerdict): boolean {
  const { verdict, component } = one;
  return verdict === 'invalid' || (verdict === 'inconclusive' && component !== 'norms') || hasFailed(one);
}

/** A finding with one reason. */
export function finding(
  outcome: CriterionOutcome,
  code: string,
  sentence: WrittenSentence,
  records: readonly string[] = [],
): CriterionFinding {
  return { outcome, reasons: [{ code, records: [...new Set(records)], ...sentence }] };
}

/** One reason per component and class, each naming the references and the records that decided. */
export function reasonsOf(code: string, verdicts: readonly UndeclaredVerdict[]): CriterionResult['reasons'] {
  const groups = new Map<string, UndeclaredVerdict[]>();
  for (const entry of verdicts) {
    const key = `${entry.component.component}: ${entry.component.verdict}`;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()].flatMap((entries) => {
    const [first] = entries;
    if (first === undefined) return [];
    const { component, verdict } = first.component;
    const references = entries.map(({ reference }) => reference);
    const sentence = resultSentence('criterion_component', { component, verdict, references });
    return [{ code, records: recordsOf(entries.map((entry) => entry.component)), ...sentence }];
  });
}

/** The records that decided verdicts, each once. */
export function recordsOf(components: readonly ComponentVerdict[]): string[] {
  return [...new Set(components.flatMap(({ reasons }) => reasons.flatMap(({ records }) => records)))];
}
