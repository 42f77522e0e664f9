import type {
  EvidenceReference,
  FingerprintReference,
  FleetActivities,
  FleetFailure,
  PlannedComparison,
  PlannedModel,
  ShardGroup,
} from '@jokbo/contracts';
import { comparedFingerprints, comparisonName } from '@jokbo/pipeline';

/** One activity as an audit asks for it. What all calls of an audit share is not in it. */
export type StageCall =
  | { readonly call: 'shards' | 'fingerprint'; readonly model: PlannedModel }
  | { readonly call: 'readShards'; readonly group: ShardGroup }
  | { readonly call: 'compare' | 'split'; readonly comparison: PlannedComparison }
  | {
      readonly call: 'join';
      readonly comparison: PlannedComparison;
      readonly shares: readonly EvidenceReference[];
    };

/** What a call came to: what its activity gave, or why it failed for good. */
export type CallOutcome = { readonly value: unknown } | { readonly failure: FleetFailure };

/** What a window has of its audit. */
export interface SharedByCalls {
  readonly plan: string;
  /** Of all models that are compared. */
  readonly fingerprints: readonly FingerprintReference[];
}

/** Makes the call on some worker. */
export function makeCall(
  remote: FleetActivities,
  call: StageCall,
  { plan, fingerprints }: SharedByCalls,
): Promise<unknown> {
  switch (call.call) {
    case 'shards':
      return remote.shards(plan, call.model);
    case 'readShards':
      return remote.readShards(plan, call.group);
    case 'fingerprint':
      return remote.fingerprint(plan, call.model);
    case 'compare':
      return remote.compare(plan, call.comparison, comparedFingerprints(call.comparison, fingerprints));
    case 'split':
      return remote.split(plan, call.comparison, comparedFingerprints(call.comparison, fingerprints));
    case 'join':
      return remote.join(call.comparison, call.shares, comparedFingerprints(call.comparison, fingerprints));
  }
}

/** What a call is about, in words. */
export function partName(call: StageCall): string {
  if ('model' in call) return `model ${call.model.id}`;
  return 'group' in call ? `model ${call.group.model}` : comparisonName(call.comparison);
}

/** Tells a call from every other of the same audit. */
export function callName(call: StageCall): string {
  if ('model' in call) return JSON.stringify([call.call, call.model.id]);
  if ('group' in call) return JSON.stringify([call.call, call.group.model, call.group.from]);
  const { kind, subject, reference, mode, component, group, numericClass } = call.comparison;
  const share = [component ?? '', ...(group === undefined ? [] : [group])];
  const numbers = numericClass === undefined ? [] : [numericClass];
  return JSON.stringify([call.call, kind, subject, reference, mode, ...share, ...numbers]);
}
