import type { StoredTensor } from '@jokbo/contracts';
import { roleKey, towerRole, type AssignedTensor } from '../names/assign-roles.js';
import { PACKED_PARTS, type WeightGroup } from './plan-decoding.js';

/** A weight or bias, its meaning, and its quantisation companions. */
export interface RoleGroup extends WeightGroup {
  readonly tensor: AssignedTensor;
}

export interface GroupedWeights {
  readonly groups: readonly RoleGroup[];
  /** Companions of a weight that is not there. */
  readonly orphans: readonly StoredTensor[];
}

/** Collects the companions of each weight; order follows the first tensor of each weight. */
export function groupWeights(
  assigned: readonly AssignedTensor[],
  storedByName: ReadonlyMap<string, StoredTensor>,
): GroupedWeights {
  const families = new Map<string, AssignedTensor[]>();
  for (const tensor of assigned) {
    const { scope, layer, expert } = tensor;
    const part = tensor.part === 'bias' ? 'bias' : 'weight';
    const key = roleKey({ scope, layer, role: towerRole(tensor), expert, part });
    const family = families.get(key);
    if (family === undefined) families.set(key, [tensor]);
    else family.push(tensor);
  }
  const groups: RoleGroup[] = [];
  const orphans: StoredTensor[] = [];
  for (const [key, family] of families) {
    const tensor =
      family.find(({ part }) => part === 'weight' || part === 'bias') ??
      family.find(({ part }) => PACKED_PARTS.includes(part));
    const main = tensor === undefined ? undefined : storedByName.get(tensor.stored);
    const companions = new Map<string, StoredTensor>();
    for (const member of family) {
      const stored = storedByName.get(member.stored);
      if (stored !== undefined && member !== tensor) companions.set(member.part, stored);
    }
    if (tensor === undefined || main === undefined) orphans.push(...companions.values());
    else {
      const part = tensor.part === 'bias' ? 'bias' : 'weight';
      groups.push({ tensor: { ...tensor, part, key }, main, part: tensor.part, companions });
    }
  }
  return { groups, orphans };
}
