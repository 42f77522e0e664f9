import type { EvidenceRecord } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { besideControls, type DisguiseControl } from './disguise-controls.js';

function record(figures: Partial<EvidenceRecord>): EvidenceRecord {
  const fixed = { id: 'ev', status: 'measured', component: 'attention', blocks: [], r: 0.9 } as const;
  return { ...fixed, details: { width_subject: 128, width_reference: 128 }, ...figures } as EvidenceRecord;
}

const rotation = (z: number): EvidenceRecord[] => [record({ method: 'residual_rotation', tier: 3, z })];
const awm = (z: number): EvidenceRecord[] => [record({ method: 'awm', tier: 3, z })];
const quiet = [record({ method: 'trace', tier: 1, primary: true, z: 1, r: 0.01 })];
const linked = [record({ method: 'trace', tier: 1, primary: true, z: 90, r: 0.9 })];

const NAMES = ['a', 'b', 'c', 'd'];

/** Every pair of four models; `a` and `b` are seeds of one recipe. */
function controls(records: (z: number) => EvidenceRecord[], alikeZ = 1): DisguiseControl[] {
  return NAMES.flatMap((a, index) =>
    NAMES.slice(index + 1).map((b) => {
      const alike = `${a}${b}` === 'ab';
      return { a, b, alike, records: records(alike ? alikeZ : 1), tier1: quiet };
    }),
  );
}

function search(
  records: readonly EvidenceRecord[],
  pairs: readonly DisguiseControl[],
  tier1: Readonly<Record<string, readonly EvidenceRecord[] | null>> = {},
) {
  const tier1Of = (model: string) => (model in tier1 ? (tier1[model] ?? null) : quiet);
  return besideControls({ subject: 's', reference: 'c', records, tier1Of }, pairs)[0];
}

describe('besideControls', () => {
  it('holds a pair to every independent pair that was measured alike', () => {
    expect(search(rotation(40), controls(rotation))).toMatchObject({ controls: 6, alike: 1, counts: true });
  });

  it('takes no pair with the subject itself, nor the audited pair, for a control', () => {
    expect(search(rotation(40), controls(rotation), { d: null })).toMatchObject({ z: null, controls: 3 });
    const own = { a: 'c', b: 's', alike: false, records: rotation(40), tier1: quiet };
    expect(search(rotation(40), [...controls(rotation), own])).toMatchObject({ controls: 6 });
  });

  it('drops pairs with a model that tier 1 links to the subject, and pairs that tier 1 did not look at', () => {
    expect(search(rotation(40), controls(rotation), { d: linked })?.controls).toBe(3);
    const unseen = controls(rotation).map((pair) => (pair.a === 'a' ? { ...pair, tier1: [] } : pair));
    expect(search(rotation(40), unseen)?.controls).toBe(3);
  });

  it('does not count a family that seeds of one recipe show as strongly, nor one without such seeds', () => {
    expect(search(awm(30), controls(awm, 30))?.counts).toBe(false);
    const apart = controls(awm).map((pair) => ({ ...pair, alike: false }));
    expect(search(awm(30), apart)).toMatchObject({ alike: 0, counts: false });
    expect(search(awm(30), controls(awm))?.counts).toBe(true);
  });
});
