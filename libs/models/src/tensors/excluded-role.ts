import type { ExclusionReason, Scope } from '@jokbo/contracts';

/** Tables that code recomputes: rotary frequencies, causal masks. */
const BUFFERS = /^other\.(?:.*inv_freq|rope_freqs|.*(?:attention|attn)\.(?:bias|masked_bias))$/;

/** Tower buffers: index tables and rotary frequencies. */
const TOWER_BUFFERS = /(?:^|\.)(?:position_ids|inv_freq|relative_position_index|positional_ids)$/;

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
