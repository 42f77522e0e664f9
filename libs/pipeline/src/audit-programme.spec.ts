import type { Activities, BatchActivities, PlannedComparison, ShardGroup } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { auditProgramme, type AuditWindow } from './audit-programme.js';
import { batchesInMemory } from './testing/batches-in-memory.js';

const pair: PlannedComparison = { kind: 'audit', subject: 'a', reference: 'b', mode: 'sampled' };
const int8: PlannedComparison = { kind: 'int8', subject: 'a', reference: 'a', mode: 'sampled' };
const negative: PlannedComparison = { kind: 'negative', subject: 'b', reference: 'c', mode: 'sampled' };
const elsewhere: PlannedComparison = { kind: 'negative', subject: 'c', reference: 'b', mode: 'sampled' };

/** Calls in a row, in batches of two comparisons. */
const WINDOW: AuditWindow = { fingerprints: 1, batches: 1, perBatch: { sampled: 2, full: 2 } };

/** Components of every model. */
const SHARES = ['attention', 'mlp'] as const;

function recording(
  needsFull: boolean,
  comparisons: readonly PlannedComparison[] = [pair],
  training: readonly string[] = [],
): { activities: Activities & BatchActivities; calls: string[] } {
  const calls: string[] = [];
  const batches = batchesInMemory(comparisons);
  const activities: Activities & BatchActivities = {
    due: (...args) => batches.due(...args),
    compareBatch(...args) {
      return batches.compareBatch(this, ...args);
    },
    plan: () => {
      calls.push('plan');
      return Promise.resolve({
        id: 'p',
        models: [
          { id: 'a', uri: 'file:///a' },
          { id: 'b', uri: 'file:///b' },
          { id: 'c', uri: 'file:///c' },
        ],
        training,
      });
    },
    shards: (_, model) => {
      calls.push(`shards ${model.id}`);
      return Promise.resolve(model.id === 'b' ? [group(0, 2), group(2, 3)] : []);
    },
    readShards: (_, { model, from, to }) => {
      calls.push(`read ${model} ${from}-${to}`);
      return Promise.resolve();
    },
    fingerprint: (_, model) => {
      calls.push(`fingerprint ${model.id}`);
      return Promise.resolve({ model: model.id, fingerprint: `f-${model.id}` });
    },
    compare: (_, comparison, fingerprints) => {
      const models = fingerprints.map(({ model }) => model).join('+');
      calls.push(['compare', comparison.mode, models, ...share(comparison)].join(' '));
      const open = needsFull && comparison.kind === 'audit' && comparison.mode === 'sampled';
      const { kind, mode } = comparison;
      const evidence = kind === 'audit' ? mode : `${mode} ${kind}`;
      return Promise.resolve({ comparison, evidence, needsFull: open, needsDisguise: kind === 'audit' });
    },
    split: (_, whole) =>
      Promise.resolve(SHARES.map((component): PlannedComparison => ({ ...whole, component }))),
    join: (comparison, shares) => {
      const { kind, mode } = comparison;
      const joined = shares.map((share) => share.comparison.component).join('&');
      calls.push(`join ${joined}`);
      const evidence = kind === 'audit' ? mode : `${mode} ${kind}`;
      return Promise.resolve({ comparison, evidence, needsFull: false, needsDisguise: kind === 'audit' });
    },
    trajectory: (_, subject) => {
      calls.push(`trajectory ${subject}`);
      return Promise.resolve({ subject, training: `t-${subject}` });
    },
    decide: (_, fingerprints, compared, records = []) => {
      const evidence = batches.evidence(compared);
      const tested = records.map(({ training: key }) => ` ${key}`).join('');
      calls.push(
        `decide ${fingerprints.length} ${evidence.map((entry) => entry.evidence).join('+')}${tested}`,
      );
      return Promise.resolve({ result: 'r' });
    },
    publish: ({ result }) => {
      calls.push(`publish ${result}`);
      return Promise.resolve();
    },
  };
  return { calls, activities };
}

/** Model `b` is read in two groups. */
function group(from: number, to: number): ShardGroup {
  return { model: 'b', uri: 'file:///b', version: 'v', from, to, bytes: 1 };
}

const share = ({ component }: PlannedComparison): string[] => (component === undefined ? [] : [component]);

describe('auditProgramme', () => {
  it('runs the stages in order and hands each comparison its own two fingerprints', async () => {
    const { activities, calls } = recording(false);
    await expect(auditProgramme(activities, { programme: 'p' }, WINDOW)).resolves.toEqual({
      result: 'r',
    });
    expect(calls).toEqual([
      'plan',
      'shards a',
      'shards b',
      'shards c',
      'read b 0-2',
      'read b 2-3',
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
    await auditProgramme(activities, { programme: 'p' }, { ...WINDOW, fingerprints: 2, batches: 2 });
    expect(calls).toContain('compare full a+b attention');
    expect(calls).toContain('compare full a+b mlp');
    expect(calls).toContain('join attention&mlp');
    expect(calls).toContain('decide 3 full');
  });

  it('measures the controls of such a pair over all elements too, and keeps those of other pairs', async () => {
    const { activities, calls } = recording(true, [int8, pair, negative, elsewhere]);
    await auditProgramme(activities, { programme: 'p' }, WINDOW);
    expect(calls.filter((call) => call.startsWith('compare full'))).toEqual([
      'compare full a+b attention',
      'compare full a+b mlp',
      'compare full a attention',
      'compare full a mlp',
      'compare full b+c attention',
      'compare full b+c mlp',
    ]);
    expect(calls.at(-2)).toBe(
      'decide 3 sampled int8+full+sampled negative+sampled negative+full int8+full negative',
    );
  });

  it('measures what is planned in full at once, and only once', async () => {
    const planned = [int8, { ...pair, mode: 'full' as const }, { ...int8, mode: 'full' as const }];
    const { activities, calls } = recording(true, planned);
    await auditProgramme(activities, { programme: 'p' }, { ...WINDOW, fingerprints: 1, batches: 4 });
    expect(calls.at(-2)).toBe('decide 3 sampled int8+full+full int8');
  });

  it('tests training records beside the comparisons, and decides with them', async () => {
    const { activities, calls } = recording(false, [pair], ['a', 'c']);
    await auditProgramme(activities, { programme: 'p' }, { ...WINDOW, fingerprints: 2, batches: 2 });
    expect(calls.filter((call) => call.startsWith('trajectory'))).toEqual(['trajectory a', 'trajectory c']);
    expect(calls.slice(-2)).toEqual(['decide 3 sampled t-a t-c', 'publish r']);
  });

  it('ends what runs beside a failure before it throws', async () => {
    const { activities, calls } = recording(false, [pair], ['a']);
    const failing: Activities & BatchActivities = {
      ...activities,
      trajectory: () => Promise.reject(new Error('no records')),
    };
    const audit = auditProgramme(failing, { programme: 'p' }, WINDOW);
    await expect(audit).rejects.toThrow('no records');
    expect(calls.at(-1)).toBe('compare sampled a+b');
  });

  it('names every model that failed, whatever failed first, and reads the others', async () => {
    const { activities, calls } = recording(false);
    const failing: Activities & BatchActivities = {
      ...activities,
      fingerprint: async (plan, model) => {
        if (model.id === 'b') return activities.fingerprint(plan, model);
        await new Promise((resolve) => setTimeout(resolve, model.id === 'a' ? 10 : 1));
        throw new RangeError(`no weights of ${model.id}`);
      },
    };
    const audit = auditProgramme(failing, { programme: 'p' }, { ...WINDOW, fingerprints: 3, batches: 1 });
    await expect(audit).rejects.toThrow(
      '2 parts failed: model a: RangeError: no weights of a; model c: RangeError: no weights of c',
    );
    expect(calls).toContain('fingerprint b');
    expect(calls.at(-1)).not.toContain('compare');
  });

  it('reads no weights while a model cannot be looked at', async () => {
    const { activities, calls } = recording(false);
    const failing: Activities & BatchActivities = {
      ...activities,
      shards: (plan, model) =>
        model.id === 'c' ? Promise.reject(new Error('no checkpoint')) : activities.shards(plan, model),
    };
    const audit = auditProgramme(failing, { programme: 'p' }, WINDOW);
    await expect(audit).rejects.toThrow(/^no checkpoint$/);
    expect(calls).toEqual(['plan', 'shards a', 'shards b']);
  });

  it('names what failed of comparisons before what failed of training records', async () => {
    const { activities } = recording(false, [pair, negative], ['a']);
    const failing: Activities & BatchActivities = {
      ...activities,
      compare: (_, { subject }) => Promise.reject(new RangeError(`no room for ${subject}`)),
      trajectory: () => Promise.reject(new Error('no records')),
    };
    const audit = auditProgramme(failing, { programme: 'p' }, { ...WINDOW, fingerprints: 1, batches: 2 });
    await expect(audit).rejects.toThrow(
      '3 parts failed: comparison audit a × b: RangeError: no room for a; ' +
        'comparison negative b × c: RangeError: no room for b; training records: Error: no records',
    );
  });
});
