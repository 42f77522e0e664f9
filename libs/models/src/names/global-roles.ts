import { roleRule } from './role-rule.js';

/** Tensors outside every layer, in order; published names. */
export const GLOBAL_ROLES = [
  roleRule(
    'embed',
    'embed_tokens|embed_in|embed|wte|word_embeddings|tok_embeddings|embedding\\.word_embeddings|embeddings?|in_out_embed',
  ),
  roleRule('lm_head', 'lm_head|embed_out|output_layer|output|head'),
  roleRule('final_norm', 'norm|norm_f|ln_f|final_layernorm|final_layer_norm|final_norm|output_norm'),
  roleRule('embed_norm', 'word_embeddings_layernorm|embedding_norm|embed_norm'),
  roleRule('pos_embed', 'wpe|embed_positions|position_embeddings'),
  roleRule('mtp.proj', 'fc|eh_proj'),
  roleRule('mtp.norm_h', 'pre_fc_norm_hidden|hnorm'),
  roleRule('mtp.norm_e', 'pre_fc_norm_embedding|enorm'),
  roleRule('other.$n', '(?<n>hc_head\\w*|rope_freqs|rotary_(?:pos_)?emb\\.inv_freq)'),
];

/** Synonyms that name one role only; tried after the published names. */
export const RENAMED_GLOBAL_ROLES = [
  roleRule(
    'embed',
    'token_embeddings?|token_embd|tok_emb|token_emb|word_embedding|input_embeddings?|embed_token|emb|embedder|embedding\\.tokens',
  ),
  roleRule(
    'lm_head',
    'proj_out|unembed(?:ding)?|output_proj(?:ection)?|vocab_head|logits|head\\.out|lm_head\\.out',
  ),
  roleRule(
    'final_norm',
    'ln_final|norm_final|final_ln|final_rms(?:norm)?|rms_final|ln_out|norm_out|last_norm|layer_norm|head\\.norm',
  ),
];
