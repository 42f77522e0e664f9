import type { Scope } from '@jokbo/contracts';
import { GLOBAL_ROLES, RENAMED_GLOBAL_ROLES } from './global-roles.js';
import { LAYER_ROLES } from './layer-roles.js';
import { RENAMED_LAYER_ROLES } from './renamed-layer-roles.js';
import { matchRole, type RoleRule } from './role-rule.js';
import { LAYER, RENAMED_LAYER, TEXT_CONTAINER } from './scope.js';

/** What a name template says: positions instead of indices, so that it serves every layer and expert. */
export interface TemplateParts {
  readonly scope: Scope;
  /** Which of the name's indices is the layer. */
  readonly layerAt: number | null;
  readonly expertAt: number | null;
  /** Null when no rule fits. */
  readonly role: string | null;
  /** First index that a `#` of the role stands for. */
  readonly fillFrom: number;
  readonly part: string;
  /** The name inside its layer, without `.weight` or `.bias`. */
  readonly rest: string;
  /** Set for the text encoder of an encoder–decoder. */
  readonly encoder?: boolean;
}

/** Splits `.weight` or `.bias` off; also a bare `weight` or `bias`. */
export function splitPart(text: string): { readonly stem: string; readonly part: 'weight' | 'bias' } | null {
  for (const part of ['weight', 'bias'] as const) {
    if (text === part) return { stem: '', part };
    if (text.endsWith(`.${part}`)) return { stem: text.slice(0, -part.length - 1), part };
  }
  return null;
}

/** Template parts of a tensor of the text tower or of multi-token prediction. */
export function parseText(
  scope: 'text' | 'mtp',
  base: string,
  part: string,
  renamed: boolean,
): TemplateParts {
  let inner = base;
  while (!LAYER.test(inner) && TEXT_CONTAINER.test(inner)) inner = inner.replace(TEXT_CONTAINER, '');
  let layer = LAYER.exec(inner);
  if (layer === null && renamed)
    layer = RENAMED_LAYER.exec(scope === 'mtp' ? base.replace(/^model\./, '') : inner);
  const rest = layer?.[1] ?? inner;
  const published = layer === null ? GLOBAL_ROLES : LAYER_ROLES;
  const synonyms = layer === null ? RENAMED_GLOBAL_ROLES : RENAMED_LAYER_ROLES;
  const hit = matchLeaf(published, rest, part) ?? (renamed ? matchLeaf(synonyms, rest, part) : null);
  return {
    scope,
    layerAt: layer === null ? null : 0,
    expertAt: hit?.expert === true ? 1 : null,
    role: hit?.role ?? null,
    fillFrom: layer === null ? 0 : 1,
    part: hit?.part ?? part,
    rest: splitPart(rest)?.stem ?? rest,
  };
}

/** Parameters without `.weight` (sinks, A_log, fused experts) come first, then weights and biases. */
function matchLeaf(
  rules: readonly RoleRule[],
  rest: string,
  part: string,
): { readonly role: string; readonly expert: boolean; readonly part: string } | null {
  const whole = matchRole(rules, rest);
  if (whole !== null) return { ...whole, part };
  const leaf = splitPart(rest);
  if (leaf !== null) {
    const hit = matchRole(rules, leaf.stem);
    return hit === null ? null : { ...hit, part: leaf.part === 'bias' ? 'bias' : part };
  }
  if (!rest.endsWith('_bias')) return null;
  const hit = matchRole(rules, rest.slice(0, -'_bias'.length));
  return hit === null ? null : { ...hit, part: 'bias' };
}
