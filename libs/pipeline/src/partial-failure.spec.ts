import {
  MalformedCheckpoint,
  ObjectChanged,
  ObjectMissing,
  StorageUnavailable,
  type Activities,
  type BatchActivities,
  type FailedPart,
  type PlannedComparison,
} from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { auditProgramme } from './audit-programme.js';
import { batchesInMemory } from './testing/batches-in-memory.js';

const MODELS = ['a', 'b', 'c'];

const plannedOf = (
  kind: PlannedComparison['kind'],
  subject: string,
  reference: string,
): PlannedComparison => ({
  kind,
  subject,
  reference,
  mode: 'sampled',
});
const COMPARISONS = [
  plannedOf('identity', 'a', 'a'),
  plannedOf('audit', 'a', 'b'),
  plannedOf('audit', 'a', 'c'),
  plannedOf('negative', 'b', 'c'),
];

/** What was handed to the decision. */
interface Decided {
  readonly models: readonly string[];
  readonly evidence: readonly string[];
  readonly failures: readonly FailedPart[];
}

/** Runs an audit of a subject and two references of which some activities are others. */
async function audited(
  failing: Partial<Activities & BatchActivities>,
  comparisons = COMPARISONS,
  training: readonly string[] = [],
): Promise<Decided & { readonly tested: readonly string[] }> {
  const decisions: Decided[] = [];
  const tested: string[] = [];
  const nameOf = ({ kind, subject, reference, mode }: PlannedComparison): string =>
    `${kind} ${subject}×${reference}${mode === 'full' ? ' full' : ''}`;
  const batches = batchesInMemory(comparisons);
  const activities: Activities & BatchActivities = {
    due: (...args) => batches.due(...args),
    compareBatch(...args) {
      return batches.compareBatch(this, ...args);
    },
    plan: () =>
      Promise.resolve({
        id: 'p',
        models: MODELS.map((id) => ({ id, uri: `file:///${id}` })),
        training,
      }),
    shards: (_, { id, uri }) =>
      Promise.resolve([0, 1].map((from) => ({ model: id, uri, version: 'v', from, to: from + 1, bytes: 1 }))),
    readShards: () => Promise.resolve(),
    fingerprint: (_, { id }) => Promise.resolve({ model: id, fingerprint: `f-${id}` }),
    compare: (_, comparison) =>
      Promise.resolve({
        comparison,
        evidence: nameOf(comparison),
        needsFull:
          comparison.kind === 'audit' && comparison.mode === 'sampled' && comparison.reference === 'c',
        needsDisguise: true,
      }),
    split: (_, whole) => Promise.resolve([{ ...whole, component: 'attention' as const }]),
    join: (comparison) =>
      Promise.resolve({ comparison, evidence: nameOf(comparison), needsFull: false, needsDisguise: true }),
    trajectory: (_, subject) => {
      tested.push(subject);
      return Promise.resolve({ subject, training: `t-${subject}` });
    },
    decide: (_, fingerprints, compared, _training, unread = []) => {
      const failures = [...unread, ...batches.failures(compared)];
      decisions.push({
        models: fingerprints.map(({ model }) => model),
        evidence: batches.evidence(compared).map((reference) => reference.evidence),
        failures,
      });
      return Promise.resolve({ result: 'r' });
    },
    publish: () => Promise.resolve(),
    ...failing,
  };
  const window = { fingerprints: 2, batches: 2, perBatch: { sampled: 2, full: 1 } };
  await auditProgramme(activities, { programme: 'p' }, window);
  const [decided] = decisions;
  if (decided === undefined) throw new Error('nothing was decided');
  return { ...decided, tested };
}

const malformed = (object: string): MalformedCheckpoint =>
  new MalformedCheckpoint('header', 'the header is cut', { object, tensor: 'w' });

describe('an audit of which a part fails for good', () => {
  it('hands no failures to the decision where there is none', async () => {
    expect((await audited({})).failures).toEqual([]);
  });

  it('goes on without a model, and without all that needs it', async () => {
    const { models, evidence, failures, tested } = await audited(
      {
        readShards: (_, { model, from }) =>
          model === 'b' ? Promise.reject(malformed(`file:///b/${from}`)) : Promise.resolve(),
      },
      COMPARISONS,
      ['a', 'b'],
    );
    expect(models).toEqual(['a', 'c']);
    expect(evidence).toEqual(['identity a×a', 'audit a×c full', 'identity a×a full']);
    expect(tested).toEqual(['a']);
    expect(failures).toEqual([
      {
        part: 'model',
        model: 'b',
        cause: {
          code: 'MalformedCheckpoint',
          rule: 'header',
          object: 'file:///b/0',
          tensor: 'w',
          message: 'the header is cut (object file:///b/0, tensor "w")',
        },
      },
    ]);
  });

  it('names models in the order of the plan, and each once, whatever failed first', async () => {
    const slow = async (model: string): Promise<never> => {
      await new Promise((resolve) => setTimeout(resolve, model === 'a' ? 10 : 1));
      throw malformed(model);
    };
    const { failures } = await audited(
      {
        shards: (_, { id }) => (id === 'd' ? slow(id) : Promise.resolve([])),
        fingerprint: (_, { id }) =>
          id === 'a' ? Promise.resolve({ model: id, fingerprint: 'f' }) : slow(id),
      },
      [plannedOf('audit', 'a', 'a')],
    );
    expect(failures.map((failed) => failed.part === 'model' && failed.model)).toEqual(['b', 'c']);
  });

  it('goes on without a comparison, and keeps the sample of one that cannot be measured in full', async () => {
    const { evidence, failures } = await audited({
      compare: (_, comparison) =>
        comparison.mode === 'full' && comparison.kind === 'audit'
          ? Promise.reject(new ObjectChanged('another version', { object: 'file:///c' }))
          : Promise.resolve({
              comparison,
              evidence: `${comparison.kind} ${comparison.reference} ${comparison.mode}`,
              needsFull: comparison.kind === 'audit' && comparison.reference === 'c',
              needsDisguise: false,
            }),
    });
    expect(evidence).toContain('audit c sampled');
    expect(failures).toMatchObject([
      {
        part: 'comparison',
        comparison: { kind: 'audit', subject: 'a', reference: 'c', mode: 'full' },
        cause: { code: 'ObjectChanged', rule: null, tensor: null },
      },
    ]);
  });

  it('goes on without training records that fail for good, and tests those of the others', async () => {
    const { evidence, failures, tested } = await audited(
      {
        trajectory(_, subject) {
          if (subject === 'a')
            return Promise.reject(new ObjectMissing('no such file', { object: 'file:///t' }));
          return Promise.resolve({ subject, training: 't' });
        },
      },
      COMPARISONS,
      ['a', 'b'],
    );
    expect(evidence).toContain('audit a×b');
    expect(tested).toEqual([]);
    expect(failures).toMatchObject([
      { part: 'training', subject: 'a', cause: { code: 'ObjectMissing', object: 'file:///t' } },
    ]);
  });

  it.each([
    ['no reference is left', { shards: (_: string, { id }: { id: string }) => (id === 'a' ? [] : null) }],
    ['no subject is left', { shards: (_: string, { id }: { id: string }) => (id === 'a' ? null : []) }],
  ])('ends where %s', async (_, { shards }) => {
    const audit = audited({
      shards: (plan, model) => {
        const groups = shards(plan, model);
        return groups === null ? Promise.reject(malformed(model.id)) : Promise.resolve(groups);
      },
    });
    await expect(audit).rejects.toThrow(/the header is cut/);
  });

  it('ends where no audited pair could be compared', async () => {
    const audit = audited({
      compare: (_, comparison) =>
        comparison.kind === 'audit'
          ? Promise.reject(malformed(comparison.reference))
          : Promise.resolve({ comparison, evidence: 'e', needsFull: false, needsDisguise: false }),
    });
    await expect(audit).rejects.toThrow(/2 parts failed: comparison audit a × b: .*; comparison audit a × c/);
  });

  it.each([
    ['what time may cure', new StorageUnavailable('no answer')],
    ['what nobody foresaw', new TypeError('x is not a function')],
  ])('ends with %s', async (_, error) => {
    const audit = audited({
      fingerprint: (_plan, { id }) =>
        id === 'b' ? Promise.reject(error) : Promise.resolve({ model: id, fingerprint: 'f' }),
    });
    await expect(audit).rejects.toThrow(error.message);
  });

  it('cuts a long message between characters', async () => {
    const text = `${'x'.repeat(499)}\u{1f600}`;
    const { failures } = await audited({
      shards: (_, { id }) =>
        id === 'b' ? Promise.reject(new MalformedCheckpoint('r', text)) : Promise.resolve([]),
    });
    expect(failures[0]?.cause.message).toBe('x'.repeat(499));
  });
});
