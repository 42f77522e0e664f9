import type { Scope } from '@jokbo/contracts';

interface ScopeRule {
  readonly scope: Exclude<Scope, 'text'>;
  readonly pattern: RegExp;
}

/** Towers by their outermost container. Vision stands first: `visual.merger` is part of the tower. */
export const SCOPE_RULES: readonly ScopeRule[] = [
  {
    scope: 'vision',
    pattern:
      /^(?:model\.|thinker\.|base_model\.)*(?:visual|vision_tower|vision_model|vision_encoder|vision_backbone|vision|vit|vpm|image_encoder|image_tower|img_processor)\./,
  },
  {
    scope: 'audio',
    pattern:
      /^(?:model\.|thinker\.|base_model\.)*(?:audio_tower|audio_model|audio_encoder|audio|speech_encoder|apm)\./,
  },
  {
    scope: 'projector',
    pattern:
      /^(?:model\.|thinker\.|base_model\.)*(?:multi_modal_projector|mm_projector|vision_projector|audio_projector|video_projector|embed_vision|embed_audio|aligner|connector|mlp1|merger|resampler)\./,
  },
  { scope: 'mtp', pattern: /^(?:model\.|thinker\.)*(?:mtp|mtp_block|mtp_layers|nextn)\./ },
];

/**
 * Towers under other names, tried only where no published container fits: what they see or hear, and that they are a part of
 * a model. A renamed tower whose tensors meant nothing would be left out, and the rest called clean.
 */
const RENAMED_TOWERS: readonly ScopeRule[] = [
  {
    scope: 'vision',
    pattern:
      /^(?:model\.|thinker\.|base_model\.)*(?:\w+_)?(?:vision|visual|image|img|video|pixel|clip|siglip|vit)(?:_(?:model|net|network|encoder|tower|backbone|trunk|transformer|branch|module))\./,
  },
  {
    scope: 'audio',
    pattern:
      /^(?:model\.|thinker\.|base_model\.)*(?:\w+_)?(?:audio|speech|acoustic|sound|wav|whisper)(?:_(?:model|net|network|encoder|tower|backbone|trunk|transformer|branch|module))\./,
  },
];

/** The scope of a name and the length of the container that shows it (0 for text). */
export function scopeOf(text: string): { readonly scope: Scope; readonly container: string } {
  for (const { scope, pattern } of [...SCOPE_RULES, ...RENAMED_TOWERS]) {
    const match = pattern.exec(text);
    if (match !== null) return { scope, container: match[0] };
  }
  return { scope: 'text', container: '' };
}

/** Containers of a text tower that carry no meaning. */
export const TEXT_CONTAINER =
  /^(?:base_model\.model|module|model|language_model|text_model|llm|thinker|backbone|transformer|gpt_neox|decoder|encoder|mtp|mtp_block|layers(?=\.layers\.))\./;

/** A list of layers and what follows the index. */
export const LAYER = /^(?:layers|h|blocks|block|layer)\.#\.(.+)$/;

/** Further names of the list of layers, tried only where the published ones do not fit. */
export const RENAMED_LAYER =
  /^(?:blk|decoder_layers|decoder_blocks|transformer_blocks|transformer_layers|layer_stack|mtp_layers|nextn|mtp)\.#\.(.+)$/;
