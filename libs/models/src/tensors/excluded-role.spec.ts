import { describe, expect, it } from 'vitest';
import { excludedRole } from './excluded-role.js';

describe('excludedRole', () => {
  it.each([
    ['audio', 'mel_filters'],
    ['audio', 'preprocessor.featurizer.window'],
    ['vision', 'attn.attn_mask'],
    ['vision', 'rope.cos_cached'],
    ['vision', 'embeddings.position_ids'],
  ] as const)('leaves out of a tower what every tower of one make stores: %s %s', (scope, role) => {
    expect(excludedRole(scope, role, false)).toBe('buffer');
  });

  it('keeps learned positions and layers', () => {
    expect(excludedRole('vision', 'embeddings.position_embedding', false)).toBeNull();
    expect(excludedRole('audio', 'attn.q', false)).toBeNull();
  });
});
