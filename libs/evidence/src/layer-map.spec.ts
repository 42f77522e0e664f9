import { describe, expect, it } from 'vitest';
import { contiguousMaps } from './layer-map.js';

function mapped(subject: number, reference: number): Record<string, (number | null)[]> {
  return Object.fromEntries(
    contiguousMaps(subject, reference).map(({ name, referenceLayer }) => [
      name,
      Array.from({ length: subject }, (_, layer) => referenceLayer(layer)),
    ]),
  );
}

describe('contiguousMaps', () => {
  it('is the identity alone at equal depth', () => {
    expect(mapped(3, 3)).toEqual({ identity: [0, 1, 2] });
  });

  it('shifts a deeper subject by 0 … difference', () => {
    expect(mapped(5, 3)).toEqual({
      identity: [0, 1, 2, null, null],
      'offset:1': [null, 0, 1, 2, null],
      'offset:2': [null, null, 0, 1, 2],
    });
  });

  it('shifts a deeper reference by the same offsets', () => {
    expect(mapped(3, 5)).toEqual({ identity: [0, 1, 2], 'offset:1': [1, 2, 3], 'offset:2': [2, 3, 4] });
  });
});
