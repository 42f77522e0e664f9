import { statisticKind } from './measurements.js';
import type { ComponentCase, JudgedPrimary } from './component-case.js';
import { REJECT_Z, requiredGramR, requiredR } from './rule-set.js';

/** Smallest detectable r of one primary beside what is asked for. */
export interface Power {
  readonly rMin: number;
  readonly required: number;
  readonly enough: boolean;
}

/** The primary with most power beside what is asked for, and whether one has enough. */
export interface PowerOf {
  readonly best: Power | null;
  readonly enough: boolean;
}

/** Smallest detectable r of each primary beside what the rule set asks for. */
export function powerOf(facts: ComponentCase, primaries: readonly JudgedPrimary[]): PowerOf {
  const size = facts.subject.components[facts.component];
  const compared = size?.parameters ?? 0;
  const { rules } = facts;
  // Records state r_min for |z| 8. A threshold above it asks for that much more: exact for Grams, cautious for traces.
  const raised = rules.reject_z / REJECT_Z;
  const all = primaries.flatMap(({ record, lambda }): Power[] => {
    if (record.r_min === null) return [];
    const scaled = record.r_min * Math.sqrt(Math.max(1, lambda)) * raised;
    const kind = statisticKind(record.method);
    const rMin = kind === 'trace' ? scaled : Math.sqrt(scaled);
    const required =
      kind === 'trace'
        ? requiredR(rules, facts.component, compared, size?.width ?? null)
        : requiredGramR(rules, compared);
    return [{ rMin, required, enough: rMin <= required }];
  });
  const ranked = [...all].sort((a, b) => a.rMin / a.required - b.rMin / b.required);
  return { best: ranked[0] ?? null, enough: all.some((power) => power.enough) };
}
