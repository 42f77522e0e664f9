import type { BlockRecord, EvidenceRecord } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { needsDisguise } from './needs-disguise.js';

const block = (parameters: number, z: number, r: number): BlockRecord => ({
  ...{ key: 'a', reference_key: 'a', identical: false },
  ...{ parameters, z, r },
});

function record(figures: Partial<EvidenceRecord>): EvidenceRecord {
  const fixed = { id: 'ev', tier: 1, primary: true, method: 'trace', component: 'mlp', details: {} } as const;
  return {
    ...fixed,
    z: 50,
    r: 0.9,
    parameters: 100,
    blocks: [block(100, 50, 0.9)],
    ...figures,
  } as EvidenceRecord;
}

describe('needsDisguise', () => {
  it('is not needed where every component stands in order, or in equal bytes', () => {
    const bytes = { method: 'byte_identity', primary: false, details: { share_identical: 0.99 } } as const;
    expect(needsDisguise([record({})])).toBe(false);
    expect(needsDisguise([record({ z: 1, r: 0 }), record(bytes)])).toBe(false);
  });

  it('is needed where one component does not, whatever its Grams say', () => {
    const experts = { component: 'experts', z: 0.5, r: 0.001 } as const;
    expect(needsDisguise([record({}), record(experts)])).toBe(true);
    expect(
      needsDisguise([
        record({}),
        record(experts),
        record({ ...experts, method: 'residual_gram', z: 99, r: 1 }),
      ]),
    ).toBe(true);
    expect(needsDisguise([record({ r: 0.19 })])).toBe(true);
  });

  it('is needed where few blocks of a linked component stand in order', () => {
    expect(needsDisguise([record({ blocks: [block(50, 50, 0.9), block(50, 2, 0.1)] })])).toBe(true);
    expect(needsDisguise([record({ blocks: [block(51, 50, 0.9), block(49, 2, 0.1)] })])).toBe(false);
  });

  it('is needed where nothing could be compared', () => {
    expect(needsDisguise([])).toBe(true);
  });
});
