import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { gaussianWeights, syntheticModel } from '../../specs/synthetic-model.js';
import {
  alignmentMap,
  encodeAlignmentMap,
  indexPart,
  permutationPart,
  rotationPart,
} from './alignment-map.js';
import type { ModelPair } from './model-pair.js';

const model = syntheticModel('a', gaussianWeights('a'));
const pair: Pick<ModelPair, 'subject' | 'reference'> = { subject: model, reference: { ...model, id: 'b' } };

describe('alignmentMap', () => {
  it('is canonical JSON under a digest of everything else', () => {
    const map = alignmentMap(pair, 'permutation', 'permutation', [indexPart('x', 'y', [2, null, 0])]);
    const text = new TextDecoder().decode(encodeAlignmentMap(map));
    const { digest, ...rest } = JSON.parse(text) as typeof map;
    expect(rest).toMatchObject({ subject: 'a', reference: 'b', kind: 'permutation' });
    const canonical = text.replace(`"digest":"${digest}",`, '');
    expect(createHash('sha256').update(canonical).digest('hex')).toBe(digest);
    const other = alignmentMap(pair, 'permutation', 'permutation', [indexPart('x', 'y', [2, 1, 0])]);
    expect(other.digest).not.toBe(map.digest);
  });

  it('keeps one sign bit per dimension of the subject, most significant first', () => {
    const units = 3;
    const own = Uint32Array.of(0, 1, 9);
    const part = permutationPart(
      { units, own, other: Uint32Array.of(5, 4, 3), signs: Int8Array.of(-1, 1, -1), meanCosine: 1 },
      10,
    );
    expect(part.columns).toEqual([5, 4, null, null, null, null, null, null, null, 3]);
    expect(part.signs).toBe('8040');
  });

  it('carries a small rotation and names a large one by its digest', () => {
    const values = Float64Array.of(0, 1, -1, 0);
    const small = rotationPart({ values, features: 2, units: 2 });
    expect(small.matrix).toBe(Buffer.from(Float32Array.from(values).buffer).toString('base64'));
    const large = rotationPart({ values: new Float64Array(600 * 600), features: 600, units: 600 });
    expect(large).toMatchObject({ matrix: null, matrix_shape: [600, 600] });
    expect(large.matrix_digest).toMatch(/^[0-9a-f]{64}$/);
  });
});
