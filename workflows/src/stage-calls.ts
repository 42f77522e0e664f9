import type { FleetActivities, FleetFailure, PlannedModel, ShardGroup } from '@jokbo/contracts';

/** One activity as an audit asks for it. What all calls of an audit share is not in it. */
export type StageCall =
  | { readonly call: 'shards' | 'fingerprint'; readonly model: PlannedModel }
  | { readonly call: 'readShards'; readonly group: ShardGroup };

/** What a call came to: what its activity gave, or why it failed for good. */
export type CallOutcome = { readonly value: unknown } | { readonly failure: FleetFailure };

/** Makes the call on some worker. */
export function makeCall(remote: FleetActivities, call: StageCall, plan: string): Promise<unknown> {
  switch (call.call) {
    case 'shards':
      return remote.shards(plan, call.model);
    case 'readShards':
      return remote.readShards(plan, call.group);
    case 'fingerprint':
      return remote.fingerprint(plan, call.model);
  }
}

/** What a call is about, in words. */
export function partName(call: StageCall): string {
  return `model ${'model' in call ? call.model.id : call.group.model}`;
}

/** Tells a call from every other of the same audit. */
export function callName(call: StageCall): string {
  if ('model' in call) return JSON.stringify([call.call, call.model.id]);
  return JSON.stringify([call.call, call.group.model, call.group.from]);
}
