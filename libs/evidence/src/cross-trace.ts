import type { SkippedTensor } from '@jokbo/contracts';
import { factorShape } from '@jokbo/fingerprint';
import { jointTrace, type CentredFactor, type JointTrace, type JointTraceSums } from '@jokbo/statistics';
import type { Comparison } from './comparison.js';
import { inGroups, type Cut, type GroupResult } from './in-groups.js';
import { addTraceSums, createJointTrace, type TensorTest } from './joint-trace.js';
import {
  centredFactors,
  evenFeaturesOf,
  isSkipped,
  loadPairedFactor,
  type PairedFactor,
} from './paired-factor.js';
import type { PairedTensors, TensorPair } from './paired-tensors.js';

type Sides = Pick<Comparison, 'subject' | 'reference' | 'backend' | 'signal'>;

/** Makes of a centred factor what is tested. */
export type SideTransform = (
  centred: CentredFactor,
  factor: PairedFactor,
  side: 'a' | 'b',
) => CentredFactor | Promise<CentredFactor>;

/** How a trace is cut into groups of tensors, and what tells it from every other trace of its comparison. */
export interface TraceCut {
  readonly comparison: Cut;
  readonly name: readonly string[];
}

/** The joint trace over given pairs from one units × units product. */
export interface CrossTrace {
  readonly joint: JointTrace | null;
  readonly units: number;
  /** Pairs that were tested, with their own tests; null where a variance is zero. */
  readonly tested: readonly { readonly pair: TensorPair; readonly test: TensorTest | null }[];
  readonly skipped: readonly SkippedTensor[];
}

/**
 * Sums the products of all pairs, by groups of tensors where the comparison is cut: Cc and the totals are sums over
 * tensors, and a tensor's weight follows from itself. Factors are loaded one pair after the other, so that whole tensors of
 * large models need not be in memory together.
 */
export async function crossTrace(
  { pairs, skipped }: PairedTensors,
  comparison: Sides,
  transform: SideTransform,
  cut?: TraceCut,
): Promise<CrossTrace> {
  const groups: GroupResult<GroupTrace>[] =
    cut === undefined
      ? [{ result: await groupTrace(pairs, comparison, transform), places: pairs.map((_, place) => place) }]
      : await inGroups(
          cut.comparison,
          cut.name,
          pairs,
          ({ subject }) => subject.key,
          (own) => groupTrace(own, comparison, transform, unitsOf(pairs)),
        );
  const outcomes = new Map<number, PairOutcome>();
  let units = 0;
  let sums: JointTraceSums | null = null;
  for (const { result, places } of groups) {
    for (const [index, place] of places.entries()) {
      const outcome = result.outcomes[index];
      if (outcome !== undefined) outcomes.set(place, outcome);
    }
    units = Math.max(units, result.units);
    if (result.sums !== null) sums = sums === null ? result.sums : addTraceSums(sums, result.sums);
  }
  const left = [...skipped];
  const tested: { readonly pair: TensorPair; readonly test: TensorTest | null }[] = [];
  for (const [place, pair] of pairs.entries()) {
    const outcome = outcomes.get(place);
    if (outcome === undefined) continue;
    if ('reason' in outcome) left.push({ key: pair.subject.key, reason: outcome.reason });
    else tested.push({ pair, test: outcome.test });
  }
  return { joint: sums === null ? null : jointTrace(sums, units), units, tested, skipped: left };
}

type PairOutcome = { readonly test: TensorTest | null } | Pick<SkippedTensor, 'reason'>;

/** What is kept of a group of pairs. */
interface GroupTrace {
  readonly units: number;
  readonly sums: JointTraceSums | null;
  readonly outcomes: readonly PairOutcome[];
}

/** @param expected units, where pairs of other groups tell them; default those of the first factor. */
async function groupTrace(
  pairs: readonly TensorPair[],
  comparison: Sides,
  transform: SideTransform,
  expected = 0,
): Promise<GroupTrace> {
  const { subject, reference, backend, signal } = comparison;
  const atMost = evenFeaturesOf(subject, reference);
  const outcomes: PairOutcome[] = [];
  let builder: ReturnType<typeof createJointTrace> | null = null;
  let units = expected;
  for (const pair of pairs) {
    signal?.throwIfAborted();
    const factor = await loadPairedFactor(pair, subject, reference, atMost);
    if (isSkipped(factor)) {
      outcomes.push({ reason: factor.reason });
      continue;
    }
    if (units === 0) units = factor.units;
    if (factor.units !== units) {
      outcomes.push({ reason: 'another-residual-stream' });
      continue;
    }
    builder ??= createJointTrace(units, backend);
    const [a, b] = await centredFactors(factor, subject, reference);
    const test = await builder.add(await transform(a, factor, 'a'), await transform(b, factor, 'b'));
    outcomes.push({ test });
  }
  return { units, sums: (await builder?.sums()) ?? null, outcomes };
}

/** Width of the stream of the first pair. */
function unitsOf([first]: readonly TensorPair[]): number {
  if (first === undefined) return 0;
  const { shape, residual_axis: residualAxis } = first.subject;
  return factorShape({ shape, residualAxis })?.units ?? 0;
}
