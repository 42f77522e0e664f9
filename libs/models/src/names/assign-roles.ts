import { MalformedCheckpoint } from '@jokbo/contracts';
import { createNameParser, type NameRules } from './parse-name.js';
import { resolveLayer, type NamedTensor } from './resolve-layer.js';

/** A tensor whose role is known. */
export interface AssignedTensor extends NamedTensor {
  readonly role: string;
  readonly key: string;
}

export interface AssignedRoles {
  /** In the order of the input. */
  readonly assigned: readonly AssignedTensor[];
  /** Names that no rule fits. */
  readonly unmapped: readonly string[];
}

/** Canonical key `scope|layer|role|expert|part`, `-` where absent. */
export function roleKey(tensor: {
  readonly scope: string;
  readonly layer: number | null;
  readonly role: string;
  readonly expert: number | null;
  readonly part: string;
}): string {
  return [tensor.scope, tensor.layer ?? '-', tensor.role, tensor.expert ?? '-', tensor.part].join('|');
}

/** The role with its tower: the text encoder of an encoder–decoder has the roles of the decoder, marked. */
export function towerRole({ role, encoder }: { readonly role: string; readonly encoder: boolean }): string {
  return encoder ? `encoder.${role}` : role;
}

/**
 * Gives every tensor its role. Nothing is guessed: a name that fits no rule is listed as unmapped.
 *
 * @throws MalformedCheckpoint `duplicate-role` when two tensors claim one key.
 */
export function assignRoles(
  tensors: readonly { readonly name: string; readonly shape: readonly number[] }[],
  rules: NameRules,
  object?: string,
): AssignedRoles {
  const parse = createNameParser(rules);
  const layers = new Map<string, NamedTensor[]>();
  for (const { name, shape } of tensors) {
    const named: NamedTensor = { ...parse(name), stored: name, shape };
    const group = named.layer === null ? 'outside' : `${named.scope} ${named.encoder} ${named.layer}`;
    const members = layers.get(group);
    if (members === undefined) layers.set(group, [named]);
    else members.push(named);
  }
  const resolved = new Map<string, NamedTensor>();
  for (const [group, members] of layers) {
    const settled = group === 'outside' ? members : resolveLayer(members);
    for (const tensor of withNormScales(settled)) resolved.set(tensor.stored, tensor);
  }
  return keyed(
    tensors.map(({ name }) => resolved.get(name)),
    object,
  );
}

/** A norm stored as `x.scale` looks like a quantisation companion; without a weight beside it, it is the weight. */
function withNormScales(tensors: readonly NamedTensor[]): readonly NamedTensor[] {
  const weights = new Set(tensors.filter((tensor) => tensor.part === 'weight').map((tensor) => tensor.role));
  return tensors.map((tensor) =>
    tensor.part === 'scale' &&
    tensor.role !== null &&
    tensor.role.includes('norm') &&
    tensor.shape.length === 1 &&
    !weights.has(tensor.role)
      ? { ...tensor, part: 'weight' }
      : tensor,
  );
}

function keyed(tensors: readonly (NamedTensor | undefined)[], object: string | undefined): AssignedRoles {
  const assigned: AssignedTensor[] = [];
  const unmapped: string[] = [];
  const owners = new Map<string, string>();
  for (const tensor of tensors) {
    if (tensor === undefined) continue;
    if (tensor.role === null) {
      unmapped.push(tensor.stored);
      continue;
    }
    const { scope, layer, role, expert, part, encoder } = tensor;
    const key = roleKey({ scope, layer, role: towerRole({ role, encoder }), expert, part });
    const owner = owners.get(key);
    if (owner !== undefined) {
      throw new MalformedCheckpoint('duplicate-role', `tensor means the same as ${JSON.stringify(owner)}`, {
        tensor: tensor.stored,
        value: key,
        ...(object === undefined ? {} : { object }),
      });
    }
    owners.set(key, tensor.stored);
    assigned.push({ ...tensor, role, key });
  }
  return { assigned, unmapped };
}
