import type { DecidingRules } from '@jokbo/contracts';

/** The default rule set, with tier 3 waived. */
export const decidingRules: DecidingRules = {
  id: 'kr-2026-01',
  version: 1,
  title: { ko: '1차', en: 'Round 1' },
  thresholds: {
    reject_z: 8,
    clean_z: 4,
    reject_log10_p: -3,
    effect_floor: 0.001,
    block_r: 0.2,
    gram_alone_r: 0.7,
    identical_share: 0.99,
    comparable_share: 0.2,
    required_r: { large: 0.001, medium: 0.01, small: 0.1, router: 0.3, norms: 0.5, narrow_vision: 0.5 },
    required_gram_r: { large: 0.05, medium: 0.14, small: 0.4 },
  },
  require_tier3: false,
  criteria: [],
  digest: 'a'.repeat(64),
  tier3_run: true,
};
