import type { Activities, PlannedComparison } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { auditProgramme } from './audit-programme.js';

const pair: PlannedComparison = { kind: 'audit', subject: 'a', reference: 'b', mode: 'sampled' };

function recording(needsFull: boolean): { activities: Activities; calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    activities: {
      plan: () => {
        calls.push('plan');
        return Promise.resolve({
          id: 'p',
          models: [
            { id: 'a', uri: 'file:///a' },
            { id: 'b', uri: 'file:///b' },
            { id: 'c', uri: 'file:///c' },
          ],
          comparisons: [pair],
        });
      },
      fingerprint: (_, model) => {
        calls.push(`fingerprint ${model.id}`);
        return Promise.resolve({ model: model.id, fingerprint: `f-${model.id}` });
      },
      compare: (_, comparison, fingerprints) => {
        calls.push(`compare ${comparison.mode} ${fingerprints.map(({ model }) => model).join('+')}`);
        const open = needsFull && comparison.mode === 'sampled';
        return Promise.resolve({ comparison, evidence: comparison.mode, needsFull: open });
      },
      decide: (_, fingerprints, evidence) => {
        calls.push(`decide ${fingerprints.length} ${evidence.map((entry) => entry.evidence).join('+')}`);
        return Promise.resolve({ result: 'r' });
      },
      publish: ({ result }) => {
        calls.push(`publish ${result}`);
        return Promise.resolve();
      },
    },
  };
}

describe('auditProgramme', () => {
  it('runs the stages in order and hands each comparison its own two fingerprints', async () => {
    const { activities, calls } = recording(false);
    await expect(
      auditProgramme(activities, { programme: 'p' }, { fingerprints: 1, comparisons: 1 }),
    ).resolves.toEqual({
      result: 'r',
    });
    expect(calls).toEqual([
      'plan',
      'fingerprint a',
      'fingerprint b',
      'fingerprint c',
      'compare sampled a+b',
      'decide 3 sampled',
      'publish r',
    ]);
  });

  it('replaces a sampled comparison that leaves a question open by one over all elements', async () => {
    const { activities, calls } = recording(true);
    await auditProgramme(activities, { programme: 'p' }, { fingerprints: 2, comparisons: 2 });
    expect(calls).toContain('compare full a+b');
    expect(calls).toContain('decide 3 full');
  });
});
