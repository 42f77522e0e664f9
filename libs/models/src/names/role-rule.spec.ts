import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GLOBAL_ROLES, RENAMED_GLOBAL_ROLES } from './global-roles.js';
import { LAYER_ROLES } from './layer-roles.js';
import { createNameParser } from './parse-name.js';
import { RENAMED_LAYER_ROLES } from './renamed-layer-roles.js';
import { SCOPE_RULES } from './scope.js';

/** Whether a `|` stands outside every group: then `^` and `$` bind to one alternative only. */
function hasTopLevelAlternative(source: string): boolean {
  let depth = 0;
  let inClass = false;
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at];
    if (character === '\\') at += 1;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') inClass = true;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === '|' && depth === 0) return true;
  }
  return depth !== 0;
}

/** Tensor kind of llama.cpp's table → role that it must have here. */
const ROLE_OF_KIND: Readonly<Record<string, RegExp>> = {
  TOKEN_EMBD: /^embed$/,
  OUTPUT: /^lm_head$/,
  OUTPUT_NORM: /^final_norm$/,
  TOKEN_EMBD_NORM: /^(?:embed|final)_norm$/,
  POS_EMBD: /^pos_embed$/,
  ATTN_Q: /^attn\.q$/,
  ATTN_K: /^attn\.k$/,
  ATTN_V: /^attn\.v$/,
  ATTN_OUT: /^attn\.o$/,
  ATTN_QKV: /^attn\.qkv$/,
  ATTN_NORM: /^norm\.pre_attn$/,
  ATTN_NORM_2: /norm/,
  ATTN_Q_NORM: /^attn\.q_norm$/,
  ATTN_K_NORM: /^attn\.k_norm$/,
  ATTN_SINKS: /^attn\.sinks$/,
  ATTN_GATE: /^(?:attn\.gate$|lin\.)/,
  ATTN_Q_A: /^attn\.q_a$/,
  ATTN_Q_B: /^attn\.q_b$/,
  ATTN_KV_A_MQA: /^attn\.kv_a$/,
  ATTN_KV_B: /^attn\.kv_b$/,
  ATTN_Q_A_NORM: /^attn\.q_a_norm$/,
  ATTN_KV_A_NORM: /^attn\.kv_a_norm$/,
  INDEXER_K_NORM: /^attn\.indexer/,
  INDEXER_PROJ: /^attn\.indexer/,
  INDEXER_ATTN_K: /^attn\.indexer/,
  INDEXER_ATTN_Q_B: /^attn\.indexer/,
  ATTN_POST_NORM: /^norm\.(?:\?post_attention|post_attn)$/,
  FFN_NORM: /^norm\.(?:\?post_attention|pre_ffn)$/,
  FFN_PRE_NORM: /^norm\.pre_ffn$/,
  FFN_POST_NORM: /^norm\.post_ffn$/,
  FFN_GATE: /^mlp\.gate$/,
  FFN_UP: /^mlp\.(?:up|gate_up)$/,
  FFN_DOWN: /^mlp\.down$/,
  FFN_GATE_INP: /^moe\.router$/,
  FFN_EXP_PROBS_B: /^moe\.router_bias$/,
  FFN_GATE_INP_SHEXP: /^moe\.shared_gate$/,
  FFN_GATE_EXP: /^moe\.experts?\.gate$/,
  FFN_UP_EXP: /^moe\.experts?\.up$/,
  FFN_DOWN_EXP: /^moe\.experts?\.down$/,
  FFN_GATE_UP_EXP: /^moe\.experts\.gate_up$/,
  FFN_GATE_SHEXP: /^moe\.shared\.gate$/,
  FFN_UP_SHEXP: /^moe\.shared\.(?:up|gate_up)$/,
  FFN_DOWN_SHEXP: /^moe\.shared\.down$/,
};
const KINDS: readonly (readonly [RegExp, RegExp])[] = [
  [/^NEXTN_(?:EH_PROJ|EMBED_TOKENS|ENORM|HNORM|SHARED_HEAD_HEAD|SHARED_HEAD_NORM)$/, /^mtp/],
  [/^SSM_OUT$/, /^(?:attn\.o|lin\.)/],
  [/^SSM_(?:IN|CONV1D(?:_[QKV])?|A|D|DT|NORM|X|BETA_ALPHA|BETA|ALPHA|[FG]_[AB])$/, /^lin\./],
];

/** [kind, name, scope of the row] of gguf-py 0.19.0 (MIT). */
const table = JSON.parse(
  readFileSync(new URL('../fixtures/gguf-names.json', import.meta.url), 'utf8'),
) as readonly (readonly [string, string, string])[];

function compareTable(renamed: boolean): { agree: number; unmapped: number; differ: readonly string[] } {
  const parse = createNameParser({ layers: null, renamed, encoder: null });
  const differ: string[] = [];
  let agree = 0;
  let unmapped = 0;
  for (const [kind, name] of table) {
    const wanted = ROLE_OF_KIND[kind] ?? KINDS.find(([pattern]) => pattern.test(kind))?.[1];
    if (wanted === undefined) continue;
    const role = parse(`${name}.weight`).role ?? parse(name).role;
    if (role === null) unmapped += 1;
    else if (wanted.test(role)) agree += 1;
    else differ.push(`${kind} ${name}`);
  }
  return { agree, unmapped, differ };
}

describe('role rules', () => {
  it('are anchored as a whole', () => {
    const rules = [...GLOBAL_ROLES, ...LAYER_ROLES, ...RENAMED_GLOBAL_ROLES, ...RENAMED_LAYER_ROLES];
    for (const { pattern } of rules) {
      expect(pattern.source.startsWith('^') && pattern.source.endsWith('$')).toBe(true);
      expect(hasTopLevelAlternative(pattern.source), pattern.source).toBe(false);
    }
    for (const { pattern } of SCOPE_RULES) {
      expect(pattern.source.startsWith('^')).toBe(true);
      expect(hasTopLevelAlternative(pattern.source), pattern.source).toBe(false);
    }
    expect(hasTopLevelAlternative('^a|b$')).toBe(true);
  });

  it('agree with the table that llama.cpp adjudicated', () => {
    const { agree, unmapped, differ } = compareTable(false);
    expect([agree, unmapped, differ.length]).toEqual([407, 105, 8]);
  });

  it('do not differ more with synonyms than without', () => {
    const plain = compareTable(false);
    const renamed = compareTable(true);
    expect(renamed.differ.filter((row) => !plain.differ.includes(row))).toEqual([]);
    expect(renamed.agree).toBeGreaterThan(plain.agree);
  });
});
