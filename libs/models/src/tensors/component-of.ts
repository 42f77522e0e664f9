import type { Component, Scope } from '@jokbo/contracts';

/** Weights without residual axis that no verdict counts, by role. */
const CONTEXT_ROLES =
  /^(?:attn\.(?:q_norm|k_norm|q_a_norm|kv_a_norm|sinks)|moe\.(?:router_bias|router_scale|expert_scale|tid2eid|experts\.act|shared\.act|experts\.gate_up)|mlp\.act|pos_embed|norm\.gate\..*|other\..*|lin\.(?!q$|k$|v$|o$|qkv$|gate$|(?:in|out|f|g|b|a)_(?:[ab]_)?proj).*)$/;

/** Biases that belong to their component: they add to the residual stream. */
const RESIDUAL_BIASES =
  /^(?:attn\.o|attn\.o_b|cross\.o|lin\.o|lin\.out_proj|mlp\.down|moe\.shared\.down|moe\.expert\.down|mtp\.proj)$/;

const BY_PREFIX: readonly (readonly [RegExp, Component])[] = [
  [/^embed$/, 'embedding'],
  [/^lm_head$/, 'head'],
  [/^(?:final_norm|embed_norm|norm\.)/, 'norms'],
  [/^moe\.router$/, 'router'],
  [/^moe\.expert\./, 'experts'],
  [/^(?:mlp\.|moe\.shared)/, 'mlp'],
  [/^(?:attn\.|cross\.|lin\.)/, 'attention'],
];

/**
 * The component that a logical tensor counts for. Shared experts belong to `mlp`, biases of o and down to their
 * component; what has no residual axis by nature (q/k norms, low-rank norms, q/k/v biases, correction biases) is
 * context. Everything of a tower counts for the tower.
 */
export function componentOf(scope: Scope, role: string, part: string): Component | null {
  if (scope === 'vision' || scope === 'audio' || scope === 'projector') return scope;
  const plain = role.replace(/^encoder\./, '');
  if (CONTEXT_ROLES.test(plain)) return null;
  if (part === 'bias' && !/norm/.test(plain) && !RESIDUAL_BIASES.test(plain)) return null;
  if (scope === 'mtp') return 'mtp';
  return BY_PREFIX.find(([pattern]) => pattern.test(plain))?.[1] ?? null;
}
