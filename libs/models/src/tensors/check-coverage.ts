import {
  MalformedCheckpoint,
  UnsupportedArchitecture,
  type ExcludedTensor,
  type ExclusionReason,
  type LogicalTensor,
  type StoredTensor,
} from '@jokbo/contracts';
import { elementCount } from '@jokbo/safetensors';

/** Reasons that mean that a tensor was not understood. */
const NOT_UNDERSTOOD: readonly ExclusionReason[] = ['unmapped-name', 'fused-layout-unknown'];

/**
 * Checks that no two logical tensors claim one key, parts of fused ones included.
 *
 * @throws MalformedCheckpoint `duplicate-role`.
 */
export function requireUnique(tensors: readonly LogicalTensor[], object: string): void {
  const owners = new Map<string, string>();
  for (const { key, stored } of tensors) {
    const owner = owners.get(key);
    if (owner !== undefined) {
      throw new MalformedCheckpoint('duplicate-role', `tensor means the same as ${JSON.stringify(owner)}`, {
        object,
        tensor: stored,
        value: key,
      });
    }
    owners.set(key, stored);
  }
}

/**
 * Checks that at least half of the stored parameters have a meaning, decodable or not.
 *
 * @throws UnsupportedArchitecture.
 */
export function requireUnderstood(
  stored: readonly StoredTensor[],
  excluded: readonly ExcludedTensor[],
  modelType: string,
  object: string,
): void {
  const strange = new Set(
    excluded.filter(({ reason }) => NOT_UNDERSTOOD.includes(reason)).map((tensor) => tensor.stored),
  );
  let all = 0;
  let outside = 0;
  for (const { name, shape } of stored) {
    const elements = elementCount(shape);
    all += elements;
    if (strange.has(name)) outside += elements;
  }
  if (outside * 2 > all) {
    throw new UnsupportedArchitecture(`${outside} of ${all} elements could not be mapped to roles`, {
      object,
      value: modelType,
    });
  }
}
