import type { ParsedName } from './parse-name.js';
import { UNRESOLVED_NORM } from './layer-roles.js';

/** A stored tensor and what its name says. */
export interface NamedTensor extends ParsedName {
  readonly stored: string;
  readonly shape: readonly number[];
}

/** What the resolvers may look at: all tensors of one layer. */
interface LayerView {
  has(role: string): boolean;
  /** Shape of the weight with that role. */
  shape(role: string): readonly number[] | undefined;
  named(rest: string): boolean;
  readonly experts: boolean;
}

interface LayerResolver {
  readonly id: string;
  readonly when: (layer: LayerView) => boolean;
  readonly rewrite: (role: string, rest: string) => string;
}

const LINEAR_ATTENTION = /^attn\.(?:q|k|v|o|gate|qkv)$/;

/** In order; each sees the roles that the ones before it left. */
export const LAYER_RESOLVERS: readonly LayerResolver[] = [
  {
    // Qwen-1 calls the gate w2 and the up projection w1
    id: 'qwen1-mlp',
    when: (layer) => layer.named('mlp.w1') && layer.named('mlp.w2') && layer.named('mlp.c_proj'),
    rewrite: (role, rest) => (rest === 'mlp.w1' ? 'mlp.up' : rest === 'mlp.w2' ? 'mlp.gate' : role),
  },
  {
    id: 'linear-attention',
    when: (layer) => layer.has('lin.A_log'),
    rewrite: (role) => (LINEAR_ATTENTION.test(role) ? role.replace('attn.', 'lin.') : role),
  },
  {
    // with a low-rank query, an otherwise unnamed q_norm is the norm of the low rank
    id: 'q-norm-of-low-rank',
    when: (layer) => layer.has('attn.q_a') && !layer.has('attn.q_a_norm') && layer.has('attn.q_norm'),
    rewrite: (role) => (role === 'attn.q_norm' ? 'attn.q_a_norm' : role),
  },
  {
    // twice as many rows as the down projection has columns: gate and up in one
    id: 'up-is-gate-up',
    when: (layer) => !layer.has('mlp.gate') && isDouble(layer.shape('mlp.up'), layer.shape('mlp.down')),
    rewrite: (role) => (role === 'mlp.up' ? 'mlp.gate_up' : role),
  },
  {
    // a dense block may call its gate `gate`, as routers are called: the shape of `up` beside it decides
    id: 'gate-beside-up',
    when: (layer) =>
      !layer.experts && !layer.has('mlp.gate') && sameShape(layer.shape('moe.router'), layer.shape('mlp.up')),
    rewrite: (role) => (role === 'moe.router' ? 'mlp.gate' : role),
  },
  {
    // DeepSeek-V4 keeps the final norm of a prediction layer as a plain `norm`
    id: 'final-norm-of-prediction',
    when: (layer) => layer.has('mtp.norm_e') && layer.named('norm') && layer.named('attn_norm'),
    rewrite: (role, rest) => (rest === 'norm' ? 'mtp.final_norm' : role),
  },
  {
    // w1 and w2 without w3: a block without gate
    id: 'ungated-w1',
    when: (layer) => layer.has('mlp.gate') && layer.has('mlp.down') && !layer.has('mlp.up'),
    rewrite: (role, rest) => (role === 'mlp.gate' && rest.endsWith('.w1') ? 'mlp.up' : role),
  },
];

/** Roles of the tensors of one layer once all of them are known. */
export function resolveLayer(tensors: readonly NamedTensor[]): readonly NamedTensor[] {
  let resolved = tensors;
  let view = viewLayer(resolved);
  for (const { when, rewrite } of LAYER_RESOLVERS) {
    if (!when(view)) continue;
    resolved = resolved.map((tensor) =>
      tensor.role === null ? tensor : { ...tensor, role: rewrite(tensor.role, tensor.rest) },
    );
    view = viewLayer(resolved);
  }
  const norm = resolvedNorm(view);
  return resolved.map((tensor) => (tensor.role === UNRESOLVED_NORM ? { ...tensor, role: norm } : tensor));
}

/**
 * `post_attention_layernorm` stands before the feed-forward block in Llama's order, and after attention where
 * another norm already stands before the feed-forward block (Gemma, VAETKI) or none before attention (EXAONE 4).
 * In a decoder with cross-attention it stands before that (Moonshine).
 */
function resolvedNorm(layer: LayerView): string {
  if (layer.has('cross.q')) return 'norm.pre_cross';
  return layer.has('norm.pre_ffn') || !layer.has('norm.pre_attn') ? 'norm.post_attn' : 'norm.pre_ffn';
}

function viewLayer(tensors: readonly NamedTensor[]): LayerView {
  const shapes = new Map<string, readonly number[]>();
  const names = new Set<string>();
  for (const tensor of tensors) {
    names.add(tensor.rest);
    if (tensor.role !== null && tensor.part === 'weight') shapes.set(tensor.role, tensor.shape);
  }
  const roles = new Set(tensors.map((tensor) => tensor.role));
  return {
    has: (role) => roles.has(role),
    shape: (role) => shapes.get(role),
    named: (rest) => names.has(rest),
    experts: [...roles].some((role) => role?.startsWith('moe.expert') === true),
  };
}

function isDouble(up: readonly number[] | undefined, down: readonly number[] | undefined): boolean {
  return up?.length === 2 && down?.length === 2 && up[0] === 2 * (down[1] ?? 0);
}

function sameShape(a: readonly number[] | undefined, b: readonly number[] | undefined): boolean {
  return a !== undefined && b !== undefined && a.length === 2 && a.join() === b.join();
}
