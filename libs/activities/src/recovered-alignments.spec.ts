import type { EvidenceRecord, ResultDocument } from '@jokbo/contracts';
import { DigestMismatch } from '@jokbo/contracts';
import { alignmentDigest, type AlignmentMap, type CalibratedStatistic } from '@jokbo/evidence';
import type { PartStore } from '@jokbo/fingerprint';
import { describe, expect, it } from 'vitest';
import { loadAlignments, storeAlignments } from './alignment-store.js';
import { storeJson } from './evidence-store.js';
import { recoveredAlignments, withControlFigures } from './recovered-alignments.js';

function map(name: string): AlignmentMap {
  const body = { kind: 'heads', name, subject: 's', reference: 'r', parts: [] } as const;
  return { ...body, digest: alignmentDigest(body) };
}

function statistic(id: string, of: AlignmentMap, counts: boolean): CalibratedStatistic {
  const block = { key: 'k', reference_key: 'k', z: 20, r: 0.9, parameters: 5, identical: false };
  const details = { alignment: of.name, alignment_digest: of.digest };
  const record = { id, tier: 3, details, blocks: [block] } as unknown as EvidenceRecord;
  const figures = { z: 40, mean: 1, deviation: 2, controls: 9, alike: 3, pooled: false };
  return { record, role: 'aligned', ...figures, counts };
}

const [heads, quiet, identity] = [map('heads permuted'), map('rotation'), map('identity')];
const statistics = [
  statistic('ev-1', heads, true),
  statistic('ev-2', quiet, false),
  statistic('ev-3', identity, true),
];

describe('recoveredAlignments', () => {
  it('names what stands above its controls and moves something', () => {
    expect(recoveredAlignments(statistics, [heads, quiet, identity])).toEqual([
      {
        kind: 'heads',
        name: 'heads permuted',
        digest: heads.digest,
        file: `alignments/${heads.digest}.json`,
        records: ['ev-1'],
      },
    ]);
    expect(recoveredAlignments('not_needed', [heads])).toEqual([]);
    expect(recoveredAlignments(null, [heads])).toEqual([]);
  });
});

describe('withControlFigures', () => {
  it('puts what the controls said beside each record, and keeps the blocks of those that stand above', () => {
    const unmeasured = { id: 'ev-4', details: {} } as unknown as EvidenceRecord;
    const [first, second, , last] = withControlFigures(
      [...statistics.map(({ record }) => record), unmeasured],
      statistics,
    );
    expect(first?.details).toMatchObject({ z_adjusted: 40, control_mean: 1, control_pairs_alike: 3 });
    expect([first?.blocks.length, second?.blocks.length]).toEqual([1, 0]);
    expect([first?.details['above_controls'], second?.details['above_controls']]).toEqual([1, 0]);
    expect(last).toBe(unmeasured);
  });
});

describe('storeAlignments', () => {
  const document = {
    pairs: [{ alignments: recoveredAlignments(statistics, [heads]) }, {}],
  } as unknown as ResultDocument;
  const comparison = { kind: 'disguise', subject: 's', reference: 'r', mode: 'sampled' } as const;
  const evidence = [{ comparison, stored: { records: [], maps: [], alignments: [quiet, heads] } }];

  function store(): PartStore & { keys: () => string[] } {
    const parts = new Map<string, Uint8Array>();
    return {
      keys: () => [...parts.keys()],
      get: (key) => Promise.resolve(parts.get(key) ?? null),
      put: (key, value) => {
        parts.set(key, value instanceof Uint8Array ? value : Buffer.concat(value));
        return Promise.resolve();
      },
    };
  }

  it('keeps the maps that the result names, under their digests', async () => {
    const parts = store();
    await storeAlignments(parts, document, evidence);
    expect(parts.keys()).toEqual([heads.digest]);
    expect(await loadAlignments(parts, document)).toEqual([heads]);
  });

  it('hands out no other map than the one that is named', async () => {
    const parts = store();
    await expect(loadAlignments(parts, document)).rejects.toThrow(RangeError);
    await storeJson(parts, heads.digest, { ...heads, name: 'another' });
    await expect(loadAlignments(parts, document)).rejects.toThrow(DigestMismatch);
  });
});
