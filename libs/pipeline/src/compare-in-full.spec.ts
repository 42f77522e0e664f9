import {
  ObjectMissing,
  type BatchActivities,
  type EvidenceReference,
  type PlannedComparison,
} from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { compareInFull } from './compare-in-full.js';

const comparison = (subject: string): PlannedComparison => ({
  kind: 'audit',
  subject,
  reference: 'r',
  mode: 'full',
});

/** Activities that note in which order shares begin and end; `cut` has experts in two groups of tensors. */
function noting(fails?: string, inF32?: string) {
  const begun: string[] = [];
  const joined: string[] = [];
  const nameOf = ({ subject, component, group, numericClass }: PlannedComparison): string =>
    [subject, component, group, numericClass].filter((part) => part !== undefined).join(' ');
  const activities: Pick<BatchActivities, 'split' | 'compare' | 'join'> = {
    split: (_plan, whole) => {
      const groups = whole.subject === 'cut' ? [0, 1] : [];
      return Promise.resolve([
        { ...whole, component: 'norms' as const },
        ...groups.map((group) => ({ ...whole, component: 'experts' as const, group })),
        { ...whole, component: 'experts' as const },
      ]);
    },
    async compare(_plan, share) {
      begun.push(`begin ${nameOf(share)}`);
      await new Promise((resolve) => setImmediate(resolve));
      if (nameOf(share) === fails) throw new ObjectMissing('no such file');
      begun.push(`end ${nameOf(share)}`);
      return {
        ...{ comparison: share, evidence: nameOf(share), needsFull: false, needsDisguise: false },
        ...(nameOf(share) === inF32 ? { numericClass: 'tf-f32' as const } : {}),
      };
    },
    join(whole, shares): Promise<EvidenceReference> {
      joined.push(`${whole.subject}: ${shares.map(({ evidence }) => evidence).join(', ')}`);
      return Promise.resolve({ comparison: whole, evidence: 'e', needsFull: false, needsDisguise: false });
    },
  };
  return { activities: activities as BatchActivities, begun, joined };
}

const compare = (activities: BatchActivities) =>
  compareInFull(activities, 'plan', [comparison('cut'), comparison('small')], [], 8);

describe('compareInFull', () => {
  it('measures a component after all groups of its tensors, and what has none beside them', async () => {
    const { activities, begun, joined } = noting();
    await compare(activities);
    const at = (text: string): number => begun.indexOf(text);
    expect(at('begin cut experts')).toBeGreaterThan(at('end cut experts 0'));
    expect(at('begin cut experts')).toBeGreaterThan(at('end cut experts 1'));
    expect(at('begin small experts')).toBeLessThan(at('end cut experts 0'));
    // Groups have no evidence of their own to join.
    expect(joined).toEqual(['cut: cut norms, cut experts', 'small: small norms, small experts']);
  });

  it('measures no component of which a group failed, and the other pairs', async () => {
    const { activities, begun, joined } = noting('cut experts 1');
    const [cut, small] = await compare(activities);
    expect(cut).toMatchObject({ failed: { part: 'comparison', cause: { code: 'ObjectMissing' } } });
    expect(small).toMatchObject({ value: { evidence: 'e' } });
    expect(begun).not.toContain('begin cut experts');
    expect(joined).toEqual(['small: small norms, small experts']);
  });

  it('measures groups again with their component, where its class is another than that of the rest', async () => {
    const { activities, begun, joined } = noting(undefined, 'cut experts');
    await compare(activities);
    const again = begun.filter((text) => text.includes('f64'));
    expect(again.slice(-2)).toEqual(['begin cut experts f64', 'end cut experts f64']);
    expect(again.slice(0, -2).sort()).toEqual([
      ...['begin cut experts 0 f64', 'begin cut experts 1 f64'],
      ...['end cut experts 0 f64', 'end cut experts 1 f64'],
    ]);
    expect(joined[0]).toBe('cut: cut norms, cut experts f64');
  });
});
