import { expect, it } from 'vitest';
import type { EvidenceRecord, VerdictClass } from '@jokbo/contracts';
import type { ComponentCase } from '../src/component-case.js';
import { componentVerdict } from '../src/component-verdict.js';
import { caseOf } from './case.js';

/** Evidence of one component, and what the rules make of it. */
export interface Rule {
  readonly name: string;
  readonly records: readonly EvidenceRecord[];
  readonly figures?: Partial<ComponentCase>;
  readonly verdict: VerdictClass;
  readonly code: string;
  readonly type?: string | null;
}

/** One test per row. */
export function testRules(rules: readonly Rule[]): void {
  it.each(rules)('$verdict: $name', ({ records, figures, verdict, code, type = null }) => {
    const decided = componentVerdict(caseOf(records, figures));
    expect(decided).toMatchObject({ verdict, type });
    expect(decided.reasons.map((reason) => reason.code)).toEqual([code]);
  });
}
