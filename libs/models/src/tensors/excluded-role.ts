import type { ExclusionReason, Scope } from '@jokbo/contracts';

/** Tables that code recomputes: rotary frequencies, causal masks. */
const BUFFERS = /^other\.(?:.*inv_freq|rope_freqs|.*(?:attention|attn)\.(?:bias|masked_bias))$/;

/** Tower buffers: index tables, rotary frequencies, masks, windows and filter banks of the audio front end. */
const TOWER_BUFFERS =
  /(?:^|\.)(?:position_ids|positional_ids|inv_freq|(?:cos|sin)_cached|freqs_(?:cis|cos|sin)|relative_position_index|relative_coords_table|attn_mask|num_batches_tracked|mel_filters|(?:featurizer|spectrogram|stft|mel_scale)\.(?:fb|window))$/;

/** Pieces that mean something inside one architecture only. */
const ARCHITECTURE_SPECIFIC =
  /^(?:hc\.|other\.|attn\.(?:indexer|compressor)\.|norm\.gate\.|moe\.(?:tid2eid|experts\.act|shared\.act)|mlp\.act)/;

/** Copies of the main embedding and head that multi-token prediction keeps. */
const MTP_COPIES = /^(?:embed|lm_head|mtp\.embed|mtp\.head)$/;

/**
 * Why a role is left out of every comparison; null when it is not.
 *
 * @param tied the head of the main model is its embedding.
 */
export function excludedRole(scope: Scope, role: string, tied: boolean): ExclusionReason | null {
  if (scope === 'vision' || scope === 'audio' || scope === 'projector') {
    return TOWER_BUFFERS.test(role) ? 'buffer' : null;
  }
  if (BUFFERS.test(role)) return 'buffer';
  if (scope === 'mtp' && MTP_COPIES.test(role)) return 'duplicate-of-main';
  if (tied && role === 'lm_head') return 'duplicate-of-main';
  return ARCHITECTURE_SPECIFIC.test(role) ? 'architecture-specific' : null;
}
