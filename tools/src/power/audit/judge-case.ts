import {
  POSITIVE_VERDICTS,
  type Component,
  type ComponentVerdict,
  type EvidenceRecord,
  type PairResult,
  type VerdictClass,
} from '@jokbo/contracts';
import type { PowerCase } from '../cases/power-case.js';
import {
  UNEXPLAINED,
  type CaseOutcome,
  type CaseResult,
  type ComponentOutcome,
  type ComponentResult,
  type MethodFigure,
  type UnrelatedResult,
} from './case-result.js';

const CLEARED: readonly VerdictClass[] = ['no_link_found', 'not_comparable'];
/** Classes that a component may have that was trained around an inherited one. */
const INDUCED: readonly VerdictClass[] = ['common_origin'];

/** Holds what the audit said about one made model against what is true of it. */
export function judgeCase(
  power: PowerCase,
  pairs: readonly PairResult[],
  pathOf: (reference: string) => string,
  kept: ReadonlyMap<Component, number>,
): CaseResult {
  const base = pairs.find(({ reference }) => pathOf(reference) === power.base);
  if (base === undefined) throw new RangeError(`${power.id} was not compared with ${power.base}`);
  const components = base.verdict.components.map((verdict) =>
    componentResult(power, verdict, base.evidence, kept.get(verdict.component) ?? null),
  );
  const { verdict } = base.verdict;
  const outcome = caseOutcome(power, verdict);
  const unrelated = pairs
    .filter(({ reference }) => {
      const path = pathOf(reference);
      return path !== power.base && !power.origins.includes(path);
    })
    .map(unrelatedResult);
  return {
    case: power,
    verdict,
    outcome,
    components,
    unrelated,
    why: whyOf(power, outcome, base, components),
  };
}

function caseOutcome(power: PowerCase, verdict: VerdictClass): CaseOutcome {
  if (power.expected.includes(verdict)) return 'right';
  if (power.inherited.length === 0) return POSITIVE_VERDICTS.includes(verdict) ? 'false alarm' : 'open';
  return POSITIVE_VERDICTS.includes(verdict) ? 'other class' : 'missed';
}

/** What was said instead, and what would have said it right. */
function whyOf(
  power: PowerCase,
  outcome: CaseOutcome,
  base: PairResult,
  components: readonly ComponentResult[],
): string | null {
  if (outcome === 'right') return null;
  const said = outcome === 'missed' ? [] : base.verdict.reasons.map(({ text }) => text);
  const needed =
    power.needs === null ? components.flatMap(({ why }) => why ?? []) : [neededText(power.needs)];
  const explained = [...said, ...needed];
  return explained.length === 0 ? UNEXPLAINED : explained.join('; ');
}

function neededText(needs: string): string {
  return `needs ${needs}`;
}

function componentResult(
  power: PowerCase,
  verdict: ComponentVerdict,
  evidence: readonly EvidenceRecord[],
  elementR: number | null,
): ComponentResult {
  const { component } = verdict;
  const inherited = power.inherited === 'all' || power.inherited.includes(component);
  const outcome = componentOutcome(power, inherited, verdict);
  const shown = {
    component,
    inherited,
    verdict: verdict.verdict,
    type: verdict.type,
    figures: figuresOf(evidence, component),
    rMin: verdict.r_min,
    elementR,
    outcome,
  };
  return { ...shown, why: outcome === 'missed' ? whyMissed(power, shown) : null };
}

function componentOutcome(
  power: PowerCase,
  inherited: boolean,
  { verdict }: ComponentVerdict,
): ComponentOutcome {
  if (verdict === 'not_comparable') return 'not comparable';
  const positive = POSITIVE_VERDICTS.includes(verdict);
  if (inherited) return positive ? 'found' : 'missed';
  if (!positive) return CLEARED.includes(verdict) ? 'clean' : 'open';
  return INDUCED.includes(verdict) && power.inherited.length > 0 ? 'induced' : 'false alarm';
}

/** Power where the weights are in their places, else the method that does not need them there. */
function whyMissed(power: PowerCase, { component, elementR, rMin }: Omit<ComponentResult, 'why'>): string {
  if (power.needs !== null) return neededText(power.needs);
  if (elementR === null || rMin === null) return `${component}: ${UNEXPLAINED}`;
  const figures = `${component} r ${elementR.toFixed(3)}, r_min ${rMin.toFixed(3)}`;
  return Math.abs(elementR) < rMin ? `${figures}: too little power` : `${figures}: ${UNEXPLAINED}`;
}

function figuresOf(evidence: readonly EvidenceRecord[], component: Component): MethodFigure[] {
  return evidence.flatMap(({ method, primary, z, r, ...record }) =>
    record.component === component && record.status === 'measured' && z !== null
      ? [{ method, primary, z, r }]
      : [],
  );
}

function unrelatedResult({ reference, verdict, evidence }: PairResult): UnrelatedResult {
  const comparable = new Set(
    verdict.components
      .filter((component) => component.verdict !== 'not_comparable')
      .map(({ component }) => component),
  );
  return {
    reference,
    verdict: verdict.verdict,
    z: evidence.flatMap(({ component, method, primary, status, z }) =>
      primary && status === 'measured' && z !== null && comparable.has(component)
        ? [{ component, method, z }]
        : [],
    ),
    accused: verdict.components
      .filter((component) => POSITIVE_VERDICTS.includes(component.verdict))
      .map(({ component }) => component),
  };
}
