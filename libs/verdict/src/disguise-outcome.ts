import type { VerdictClass } from '@jokbo/contracts';
import { IN_PLACE } from '@jokbo/evidence';
import type { ComponentCase, JudgedPrimary } from './component-case.js';
import { disguiseFinding, type DisguiseFinding } from './disguise-evidence.js';
import type { Outcome } from './outcome.js';
import { SHARED_INITIALISATION } from './positive-outcome.js';
import { moreSevere } from './roll-up.js';

/** Type of a component of which only fingerprints without an exact null say something. */
const FAMILIES_AGREE = 'fingerprint families agree';

const CLASSES: readonly VerdictClass[] = ['derived', 'partially_derived', 'common_origin'];

/** Tier 3 of one component. */
export function findingOf(facts: ComponentCase, primaries: readonly JudgedPrimary[]): DisguiseFinding {
  const size = facts.subject.components[facts.component];
  return disguiseFinding({
    component: facts.component,
    statistics: facts.disguise,
    eligible: size?.eligible ?? 0,
    tier1Rejects: primaries.some(({ rejects }) => rejects),
  });
}

/**
 * A positive class from tiers 1 and 3 together: the more severe of the two, with the reasons of both. A shared start stays
 * one, since what started alike follows the alignment that it kept; where tier 1 decides, a recovered order is named.
 */
export function withDisguise(tier1: Outcome | null, finding: DisguiseFinding): Outcome | null {
  const verdict = CLASSES.find((name) => name === finding.outcome);
  if (verdict === undefined) return tier1;
  const own: Outcome = {
    verdict,
    ...(verdict === 'common_origin'
      ? { type: finding.alignment === null ? FAMILIES_AGREE : 'unresolved' }
      : {}),
    reasons: finding.reasons,
    ...(finding.statistic === null ? {} : { aligned: finding.statistic }),
  };
  if (tier1 === null) return own;
  if (tier1.type === SHARED_INITIALISATION) return tier1;
  if (tier1.verdict !== verdict && moreSevere(tier1.verdict, verdict) === verdict) {
    return { ...own, reasons: [...finding.reasons, ...tier1.reasons] };
  }
  const moved = finding.alignment !== null && finding.alignment !== IN_PLACE;
  return moved ? { ...tier1, reasons: [...tier1.reasons, ...finding.reasons] } : tier1;
}
