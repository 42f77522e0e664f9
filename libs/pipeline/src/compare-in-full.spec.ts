import {
  ClassUnavailable,
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

/**
 * Activities that note in which order shares begin and end; `cut` has experts in two groups of tensors.
 *
 * @param inTensorflow shares that a worker with TensorFlow takes; what is asked for in its class is left to it, where there
 *   is one.
 */
function noting(fails?: string, inTensorflow: readonly string[] = []) {
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
      if (share.numericClass === 'tf-f32' && !inTensorflow.includes(nameOf(share))) {
        throw new ClassUnavailable('no worker with TensorFlow is left');
      }
      begun.push(`end ${nameOf(share)}`);
      return {
        ...{ comparison: share, evidence: nameOf(share), needsFull: false, needsDisguise: false },
        ...(inTensorflow.includes(nameOf(share)) ? { numericClass: 'tf-f32' as const } : {}),
      };
    },
    join(whole, shares): Promise<EvidenceReference> {
      joined.push(`${whole.subject}: ${shares.map(({ evidence }) => evidence).join(', ')}`);
      return Promise.resolve({ comparison: whole, evidence: 'e', needsFull: false, needsDisguise: false });
    },
  };
  return { activities: activities as BatchActivities, begun, joined };
}

const groups = ['cut experts 0', 'cut experts 1'];

const compare = (activities: BatchActivities) =>
  compareInFull(activities, 'plan', [comparison('cut'), comparison('small')], [], 8);

describe('compareInFull', () => {
  it('measures a component after all groups of its tensors, and what has none beside them', async () => {
    const { activities, begun, joined } = noting();
    await compare(activities);
    const at = (text: string): number => begun.indexOf(text);
    expect(at('begin cut experts f64')).toBeGreaterThan(at('end cut experts 0'));
    expect(at('begin cut experts f64')).toBeGreaterThan(at('end cut experts 1'));
    expect(at('begin small experts')).toBeLessThan(at('end cut experts 0'));
    // Groups have no evidence of their own to join.
    expect(joined.sort()).toEqual(['cut: cut norms, cut experts f64', 'small: small norms, small experts']);
  });

  it('measures no component of which a group failed, and the others', async () => {
    const { activities, begun, joined } = noting('cut experts 1');
    const [cut, experts, small] = await compare(activities);
    expect(cut).toMatchObject({ value: { evidence: 'e' } });
    expect(experts).toMatchObject({
      name: 'comparison audit of experts group 2 cut × r over all elements',
      failed: {
        part: 'comparison',
        comparison: { ...comparison('cut'), component: 'experts' },
        cause: { code: 'ObjectMissing' },
      },
    });
    expect(small).toMatchObject({ value: { evidence: 'e' } });
    expect(begun.filter((text) => text.startsWith('begin cut experts'))).toEqual([
      ...['begin cut experts 0', 'begin cut experts 1'],
    ]);
    expect(joined.sort()).toEqual(['cut: cut norms', 'small: small norms, small experts']);
  });

  it('fails as a whole where nothing was measured, and where a control lacks a component', async () => {
    const control = { ...comparison('cut'), kind: 'derivative' as const };
    const { activities, joined } = noting('cut experts 1');
    const ends = await compareInFull(activities, 'plan', [control], [], 8);
    expect(ends).toMatchObject([{ failed: { comparison: control, cause: { code: 'ObjectMissing' } } }]);
    expect(ends[0]).not.toHaveProperty('failed.comparison.component');
    expect(joined).toEqual([]);

    const none = noting();
    none.activities.compare = () => Promise.reject(new ObjectMissing('no such file'));
    const whole = await compareInFull(none.activities, 'plan', [comparison('cut')], [], 8);
    expect(whole).toMatchObject([{ failed: { comparison: comparison('cut') } }]);
    expect(whole[0]).not.toHaveProperty('failed.comparison.component');
  });

  it('measures what is left in one class where a component failed', async () => {
    const { activities, joined } = noting();
    activities.split = (_plan, whole) =>
      Promise.resolve(
        (['norms', 'experts', 'router'] as const).map((component) => ({ ...whole, component })),
      );
    const mixed = noting('cut norms', ['cut experts']);
    activities.compare = (plan, share, compared) => mixed.activities.compare(plan, share, compared);
    const [, norms] = await compareInFull(activities, 'plan', [comparison('cut')], [], 8);
    expect(norms).toMatchObject({ failed: { comparison: { component: 'norms' } } });
    expect(joined).toEqual(['cut: cut experts f64, cut router']);
  });

  const ofExperts = (begun: readonly string[]): string[] =>
    begun.flatMap((text) => (text.startsWith('begin cut experts') ? [text.slice('begin '.length)] : []));

  it('measures a component in the class of its groups', async () => {
    const { activities, begun, joined } = noting(undefined, ['cut norms', ...groups, 'cut experts tf-f32']);
    await compare(activities);
    expect(ofExperts(begun)).toEqual([...groups, 'cut experts tf-f32']);
    expect(joined).toContain('cut: cut norms, cut experts tf-f32');
  });

  it('measures those groups again that are of another class than the rest of them', async () => {
    const { activities, begun, joined } = noting(undefined, ['cut experts 1']);
    await compare(activities);
    expect(ofExperts(begun)).toEqual([...groups, 'cut experts 1 f64', 'cut experts f64']);
    expect(joined).toContain('cut: cut norms, cut experts f64');
  });

  it('measures all of a component again whose class nobody measures any more', async () => {
    const { activities, begun, joined } = noting(undefined, groups);
    await compare(activities);
    const again = ['cut experts 0 f64', 'cut experts 1 f64', 'cut experts f64'];
    expect(ofExperts(begun)).toEqual([...groups, 'cut experts tf-f32', ...again]);
    expect(joined).toContain('cut: cut norms, cut experts f64');
  });

  it('measures groups again with their component, where its class is another than that of the rest', async () => {
    const { activities, begun, joined } = noting(undefined, [...groups, 'cut experts tf-f32']);
    await compare(activities);
    const again = ['cut experts 0 f64', 'cut experts 1 f64', 'cut experts f64'];
    expect(ofExperts(begun)).toEqual([...groups, 'cut experts tf-f32', ...again]);
    expect(joined).toContain('cut: cut norms, cut experts f64');
  });

  it('measures in the class that is asked for, or not at all', async () => {
    const asked = [{ ...comparison('cut'), numericClass: 'tf-f32' as const }];
    const all = ['cut norms tf-f32', 'cut experts 0 tf-f32', 'cut experts 1 tf-f32', 'cut experts tf-f32'];
    const { activities, begun, joined } = noting(undefined, all);
    await compareInFull(activities, 'plan', asked, [], 8);
    expect(begun.filter((text) => text.startsWith('begin'))).toHaveLength(all.length);
    expect(joined).toEqual(['cut: cut norms tf-f32, cut experts tf-f32']);
    const none = noting();
    await expect(compareInFull(none.activities, 'plan', asked, [], 8)).rejects.toThrow(
      'no worker with TensorFlow is left',
    );
    expect(none.joined).toEqual([]);
  });
});
