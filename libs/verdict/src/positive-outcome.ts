import { resultSentence } from '@jokbo/contracts';
import type { ComponentCase, JudgedPrimary } from './component-case.js';
import { linkedParameters } from './linked-parameters.js';
import { detail, recordOf, statisticKind, traceOf } from './measurements.js';
import { reason, type Outcome } from './outcome.js';
import {
  DERIVED_SHARE,
  NORMS_FOLLOW_SHARE,
  SHARED_START_BULK_R,
  SHARED_START_Q,
  VALUE_EXCESS,
} from './rule-set.js';

/** Type of a component of which Grams reject and the trace does not, below the r of permuted copies. */
export const INDUCED_OR_SMALL = 'induced by another component, or small effect';

/** Type of what only started alike. */
export const SHARED_INITIALISATION = 'shared initialisation';

/** Inherited parameters: block thresholds use the raw z, but the calibrated one where the component does not reject. */
export function linkedBlocks(
  { pair, component, rules }: ComponentCase,
  primaries: readonly JudgedPrimary[],
): number {
  const trace = primaries.find(({ record }) => record.method === 'trace' || record.method === 'hidden_trace');
  const inflation = primaries.some(({ rejects }) => rejects) ? 1 : Math.max(1, trace?.lambda ?? 1);
  return linkedParameters(pair.records, component, rules, rules.reject_z * Math.sqrt(inflation));
}

/** The positive classes but `identical`; null where nothing is inherited and no primary rejects. */
export function positiveOutcome(facts: ComponentCase, primaries: readonly JudgedPrimary[]): Outcome | null {
  const { component, pair, subject, rules } = facts;
  const rejecting = primaries.filter((primary) => primary.rejects);
  const byTrace = rejecting.filter(({ record }) => statisticKind(record.method) === 'trace');
  const byGram = rejecting.filter(({ record }) => statisticKind(record.method) !== 'trace');
  const trace = traceOf(pair.records, component);
  const identity = recordOf(pair.records, component, 'byte_identity');
  const size = subject.components[component];
  const eligible = size === undefined || size.eligible > 0 ? (size?.eligible ?? 0) : size.parameters;
  const linked = linkedBlocks(facts, primaries);
  const share = eligible === 0 ? 0 : Math.min(1, linked / eligible);
  const identicalShare = detail(identity, 'share_identical') ?? 0;
  const deciding = rejecting.map(({ record }) => record);
  const started = sharedStart(facts, rejecting);
  if (started !== null) return started;
  if (identicalShare > DERIVED_SHARE || (rejecting.length > 0 && share > DERIVED_SHARE)) {
    return {
      verdict: 'derived',
      reasons: [
        reason(
          'blocks-inherited',
          [...deciding, trace, identity],
          resultSentence('reason_blocks_inherited', {
            block_r: rules.block_r,
            share: Math.max(share, identicalShare),
          }),
        ),
      ],
    };
  }
  const gram = byGram.find(({ record }) => (record.r ?? 0) >= rules.gram_alone_r);
  if (gram !== undefined) {
    return {
      verdict: 'derived',
      reasons: [
        reason(
          'gram-inherited',
          [gram.record],
          resultSentence('reason_gram_inherited', { method: gram.record.method, r: gram.record.r }),
        ),
      ],
    };
  }
  const matchable = trace !== undefined && trace.parameters >= DERIVED_SHARE * eligible;
  const supported = byGram.find(({ record }) => (record.r ?? 0) >= rules.block_r);
  if (supported !== undefined && byTrace.length > 0 && !matchable) {
    return {
      verdict: 'derived',
      reasons: [reason('gram-and-trace', deciding, resultSentence('reason_gram_and_trace', {}))],
    };
  }
  if (share > 0) {
    return {
      verdict: 'partially_derived',
      reasons: [
        reason(
          'some-blocks-inherited',
          [...deciding, trace, identity],
          resultSentence('reason_some_blocks_inherited', { block_r: rules.block_r, share }),
        ),
      ],
    };
  }
  const values = recordOf(pair.records, component, 'value_identity');
  // Chance within features, where it was taken: coarse rows are alike in how many zeros they have, whoever trained them.
  const expected = detail(values, 'fraction_expected_by_feature') ?? detail(values, 'fraction_expected') ?? 0;
  const excess = (detail(values, 'fraction_equal') ?? 0) - expected;
  const valuesZ = detail(values, 'z_by_feature') ?? values?.z ?? 0;
  if (component !== 'norms' && values !== undefined && valuesZ >= rules.reject_z && excess >= VALUE_EXCESS) {
    return {
      verdict: excess > DERIVED_SHARE ? 'derived' : 'partially_derived',
      sharePerValue: excess,
      reasons: [
        reason('values-identical', [values], resultSentence('reason_values_identical', { share: excess })),
      ],
    };
  }
  if (rejecting.length === 0) return null;
  return {
    verdict: 'common_origin',
    type: byTrace.length === 0 ? INDUCED_OR_SMALL : 'unresolved',
    reasons: [reason('dependent', deciding, resultSentence('reason_dependent', {}))],
  };
}

/** A start in common with separate training: bulk alike, learned directions and norms apart. */
function sharedStart(facts: ComponentCase, rejecting: readonly JudgedPrimary[]): Outcome | null {
  const { records } = facts.pair;
  const split = recordOf(records, facts.component, 'start_split');
  const [bulk, q] = [detail(split, 'r_bulk'), detail(split, 'q')];
  const own = recordOf(records, facts.component, 'trace')?.r ?? null;
  const norms = recordOf(records, 'norms', 'trace')?.r ?? null;
  if (rejecting.length === 0 || bulk === null || q === null || own === null || norms === null) return null;
  if (bulk < SHARED_START_BULK_R || q >= SHARED_START_Q || norms >= NORMS_FOLLOW_SHARE * own) return null;
  return {
    verdict: 'common_origin',
    type: SHARED_INITIALISATION,
    reasons: [reason('shared-start', [split], resultSentence('reason_shared_start', { bulk_r: bulk, q }))],
  };
}
