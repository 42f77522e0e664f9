import type { Component, EvidenceRecord } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { componentOf, pairOf, record } from '../specs/case.js';
import { sharedInitialisation } from './shared-initialisation.js';

const VERDICTS = (['attention', 'mlp', 'norms'] as const).map((name) => componentOf(name, 'derived', 100));

function traces(r: Readonly<Partial<Record<Component, number>>>): EvidenceRecord[] {
  return Object.entries(r).map(([component, value]) =>
    record('trace', { component: component as Component, r: value }),
  );
}

function aligned(r: Readonly<Partial<Record<Component, number>>>, alignment: string): EvidenceRecord[] {
  return Object.entries(r).map(([component, value]) =>
    record('residual_permutation', {
      ...{ component: component as Component, r: value, tier: 3, primary: false },
      details: { alignment },
    }),
  );
}

function split(component: Component, q: number, bulk = 0.8): EvidenceRecord {
  return record('start_split', { component, tier: 2, primary: false, details: { q, r_bulk: bulk } });
}

function of(records: readonly EvidenceRecord[], rejecting: readonly Component[]) {
  return sharedInitialisation(VERDICTS, pairOf(records), (component) => rejecting.includes(component));
}

const BEHIND = { attention: 0.5, mlp: 0.8, norms: 0.25 };

describe('sharedInitialisation', () => {
  it('names the norms that stay behind, and what they are held against', () => {
    const records = traces(BEHIND);
    const found = of(records, ['attention', 'mlp']);
    expect(found).toEqual({ records: [records[2]?.id, records[1]?.id], alignment: null });
  });

  it('is none where the learned part is in common: the norms were scaled', () => {
    const descent = [...traces(BEHIND), split('attention', 0.98), split('mlp', 1.02)];
    expect(of(descent, ['attention', 'mlp'])).toBeNull();
    const start = [...traces(BEHIND), split('attention', 0.98), split('mlp', 0.2)];
    expect(of(start, ['attention', 'mlp'])).not.toBeNull();
    expect(of([...traces(BEHIND), split('mlp', 4, 0.05)], ['attention', 'mlp'])).not.toBeNull();
  });

  it('holds under a recovered permutation of the residual stream', () => {
    const quiet = traces({ attention: 0.01, mlp: 0.02, norms: 0.01 });
    const found = of([...quiet, ...aligned(BEHIND, 'permutation')], []);
    expect(found?.alignment).toBe('permutation');
    expect(of([...quiet, ...aligned({ ...BEHIND, norms: 0.5 }, 'permutation')], [])).toBeNull();
    expect(of([...quiet, ...aligned(BEHIND, 'identity')], [])).toBeNull();
    expect(of([...quiet, ...aligned({ attention: 0.1, mlp: 0.1, norms: 0 }, 'permutation')], [])).toBeNull();
  });

  it('is none where norms are absent or constant', () => {
    expect(of(traces({ attention: 0.5, mlp: 0.8 }), ['attention', 'mlp'])).toBeNull();
  });
});
