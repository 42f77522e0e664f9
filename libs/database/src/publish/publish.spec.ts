import {
  canonicalJson,
  DatabaseUnavailable,
  DigestMismatch,
  ObjectMissing,
  type ResultDocument,
} from '@jokbo/contracts';
import { expect, it } from 'vitest';
import { describeOnDatabase } from '../../specs/describe-on-database.js';
import { digestOf, exampleDocument } from '../../specs/example-document.js';
import { exampleFingerprint, readExamples } from '../../specs/example-fingerprint.js';
import { loadResult } from '../load-result.js';
import { openDatabase } from '../open-database.js';
import { sqlState } from '../sql-state.js';
import { publish } from './publish.js';

const EXAMPLES = readExamples('subject', 'reference');
const REFERENCE = exampleFingerprint('reference');

describeOnDatabase('publish', (database) => {
  const { rows } = database;
  /** What only an administrator of the server can do: triggers refuse every change. */
  const withoutTriggers = async (statement: string) => {
    const client = await database.pool.connect();
    try {
      await client.query('begin; set local session_replication_role = replica');
      await client.query(statement);
      await client.query('commit');
    } finally {
      await client.query('rollback');
      client.release();
    }
  };
  const counts = async () => {
    const tables = await rows(
      `select table_name as name from information_schema.tables
       where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
    );
    const found = new Map<string, unknown>();
    for (const { name } of tables) {
      found.set(String(name), (await rows(`select count(*)::int as n from "${String(name)}"`))[0]?.['n']);
    }
    return found;
  };

  it('fills every table, gives the document back unchanged, and changes nothing the second time', async () => {
    const document = exampleDocument('first');
    const digest = digestOf(document);
    const first = await publish(database.db, document, digest, EXAMPLES);
    expect(first).toMatchObject({ created: true, current: true, withoutTensors: [] });
    const before = await counts();
    expect(before.size).toBe(36);
    expect([...before].filter(([, count]) => count === 0)).toEqual([]);

    expect(await publish(database.db, document, digest, EXAMPLES)).toEqual({ ...first, created: false });
    expect(await counts()).toEqual(before);
    expect(canonicalJson(await loadResult(database.db, digest))).toBe(canonicalJson(document));
    expect(await loadResult(database.db, 'latest', 'first')).toEqual(document);
  });

  it('stores numbers exactly, maps in single precision, and what Postgres has no text for as U+FFFD', async () => {
    expect(await rows('select parameters::text as p from model limit 1')).toEqual([
      { p: '9007199254740000' },
    ]);
    expect(await rows(`select r, z from evidence where record = 'r1' limit 1`)).toEqual([
      { r: 0.1 + 0.2, z: 30.5 },
    ]);
    expect(await rows(`select z, reason from evidence where record = 'r,"2' limit 1`)).toEqual([
      { z: null, reason: 'constant' },
    ]);
    expect(await rows('select cosine, z from layer_map limit 1')).toEqual([
      { cosine: [0.9, 0.8, null, 1, 0.1, 0], z: [9, 0, null, 4, 2, Number.POSITIVE_INFINITY] },
    ]);
    expect(await rows('select stored from excluded_tensor order by model, position limit 2')).toEqual([
      { stored: 'x\uFFFD"{},\\NULL' },
      { stored: '\uFFFD' },
    ]);
    expect(await rows('select details from evidence limit 1')).toEqual([
      { details: { depth: 8, note: 'a\uFFFDb', missing: null } },
    ]);
    expect(await rows('select records from verdict_reason limit 1')).toEqual([{ records: ['r1', 'r,"2'] }]);
    expect(await rows('select caveats from run limit 1')).toEqual([
      { caveats: ['Sampled "only"', 'two, teams'] },
    ]);
  });

  it('supersedes the run of the same programme, and only that one', async () => {
    const other = exampleDocument('other');
    await database.publish(other);
    const old = exampleDocument('corrected');
    const changed: ResultDocument = { ...old, caveats: ['corrected'] };
    const newest: ResultDocument = { ...old, caveats: ['corrected again'] };
    const { runId } = await database.publish(old);
    const second = await database.publish(changed);
    const third = await database.publish(newest);
    expect(
      await rows(
        `select run_id::int as id, is_current, superseded_by::int from report_v1.runs
         where programme = 'corrected' order by 1`,
      ),
    ).toEqual([
      { id: runId, is_current: false, superseded_by: second.runId },
      { id: second.runId, is_current: false, superseded_by: third.runId },
      { id: third.runId, is_current: true, superseded_by: null },
    ]);
    expect(await loadResult(database.db, 'latest', 'corrected')).toEqual(newest);
    expect(await loadResult(database.db, digestOf(old))).toEqual(old);
    expect(await loadResult(database.db, 'latest', 'other')).toEqual(other);
    expect(await loadResult(database.db, 'latest')).toEqual(newest);
    // A late second delivery of a superseded document must not bring it back.
    expect(await database.publish(old)).toMatchObject({
      runId,
      created: false,
      current: false,
    });
    expect(await loadResult(database.db, 'latest', 'corrected')).toEqual(newest);
  });

  it('writes a document once when several processes publish it at the same time', async () => {
    const again = await openDatabase({ url: database.url, directory: '' });
    try {
      const document = exampleDocument('race');
      const versions = [document, { ...document, caveats: ['b'] }, document, document];
      const done = await Promise.all(
        versions.map((version, index) =>
          publish(index % 2 === 0 ? database.db : again.db, version, digestOf(version)),
        ),
      );
      expect(done.filter((publication) => publication.created)).toHaveLength(2);
      expect(
        await rows(`select count(*)::int as n from run where programme = 'race' and is_current`),
      ).toEqual([{ n: 1 }]);
      expect(await rows(`select count(*)::int as n from run where programme = 'race'`)).toEqual([{ n: 2 }]);
    } finally {
      await again.close();
    }
  });

  it('leaves nothing behind when a row breaks a CHECK, a key is doubled, or the digest is wrong', async () => {
    const before = await counts();
    const good = exampleDocument('refused');
    const [row] = good.leaderboard;
    const [first] = good.models;
    if (row === undefined || first === undefined) throw new Error('the example has no rows');
    const broken: ResultDocument = { ...good, leaderboard: [{ ...row, linked_share: 1.5 }] };
    const failure = await database.publish(broken).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DatabaseUnavailable);
    expect(String(failure)).toContain('release_linked_share_check');
    expect(sqlState(failure)).toBe('23514');
    const doubled: ResultDocument = { ...good, models: [...good.models, first] };
    await expect(database.publish(doubled)).rejects.toThrow(/1 rows with a key.*table model/);
    await expect(publish(database.db, good, digestOf(broken))).rejects.toThrow(DigestMismatch);
    expect(await counts()).toEqual(before);
  });

  it.each([
    [`update run set digest = 'short'`, 'run_digest_check'],
    [`update evidence set tier = 5`, 'evidence_tier_check'],
    [`update evidence set reason = null`, 'evidence_reason_check'],
    [`update verdict set verdict = 'copied'`, 'verdict_verdict_check'],
    [`update control set kind = 'none'`, 'control_kind_check'],
    [`update layer_map set rows = rows + 1`, 'layer_map_cells_check'],
    [`update coverage set mapped = -1`, 'coverage_counts_check'],
    [`update run set is_current = true, superseded_by = null`, 'run_current_programme_key'],
  ])('refuses: %s', async (statement, constraint) => {
    await expect(withoutTriggers(statement)).rejects.toThrow(constraint);
  });

  it('reads back no altered text, and says when there is nothing', async () => {
    await expect(loadResult(database.db, 'latest', 'nobody')).rejects.toThrow(ObjectMissing);
    await expect(loadResult(database.db, 'd'.repeat(64))).rejects.toThrow(ObjectMissing);
    await withoutTriggers(
      `update run set document = replace(document, '0.75', '0.05') where programme = 'other'`,
    );
    await expect(loadResult(database.db, 'latest', 'other')).rejects.toThrow(DigestMismatch);
  });

  it('names every reference that ties with the nearest, and null where none does', async () => {
    const document = exampleDocument('tied');
    const nearest_ties = document.models.map(({ id }) => id);
    const tied = { ...document, leaderboard: document.leaderboard.map((row) => ({ ...row, nearest_ties })) };
    await publish(database.db, tied, digestOf(tied));
    expect(
      await rows(`select programme, nearest_ties from report_v1.leaderboard
        where programme in ('first', 'tied') order by 1`),
    ).toEqual([
      { programme: 'first', nearest_ties: null },
      { programme: 'tied', nearest_ties },
    ]);
  });

  it('shows the results in report_v1', async () => {
    const where = `where programme = 'first'`;
    expect(
      await rows(`select position, team, outcome, attention, attention_nearest, norms, norms_nearest, vision,
        references_total, is_current from report_v1.leaderboard ${where}`),
    ).toEqual([
      {
        position: 1,
        team: '가나다 팀',
        outcome: 'derived',
        attention: 'derived',
        attention_nearest: 'base-x',
        norms: 'inconclusive',
        norms_nearest: null,
        vision: null,
        references_total: 2,
        is_current: true,
      },
    ]);
    expect(
      await rows(`select reference, verdict, reason_codes, reference_revision as revision
        from report_v1.verdicts ${where} order by 1`),
    ).toEqual([
      {
        reference: 'base-x',
        verdict: 'derived',
        reason_codes: ['primary-positive'],
        revision: REFERENCE.digest,
      },
      {
        reference: 'base-y',
        verdict: 'derived',
        reason_codes: ['primary-positive'],
        revision: REFERENCE.digest,
      },
    ]);
    expect(
      await rows(`select count(*)::int as n, min(z) as z from report_v1.component_results ${where}`),
    ).toEqual([{ n: 2, z: 30.5 }]);
    expect(
      await rows(`select subject_layer, reference_layer, r, status from report_v1.layer_pairs
        ${where} and reference = 'base-x' order by 1, 2`),
    ).toEqual([
      { subject_layer: 0, reference_layer: 0, r: 1, status: 'measured' },
      { subject_layer: 0, reference_layer: 1, r: 0, status: 'measured' },
      { subject_layer: 0, reference_layer: 2, r: null, status: 'undefined' },
      { subject_layer: 1, reference_layer: 0, r: 0.5, status: 'measured' },
      { subject_layer: 1, reference_layer: 1, r: 0.25, status: 'measured' },
      { subject_layer: 1, reference_layer: 2, r: 0, status: 'measured' },
    ]);
    expect(
      await rows(
        `select control, status from report_v1.controls ${where} and reference = 'base-x' order by 1`,
      ),
    ).toEqual([
      { control: 'neg', status: 'passed' },
      { control: 'pos', status: 'not_due' },
    ]);
    expect(
      await rows(
        `select tensors_excluded::int as n, mapped_share, findings from report_v1.coverage ${where} and model = 'team-a'`,
      ),
    ).toEqual([{ n: 3, mapped_share: 250 / 256, findings: ['surplus shard', 'dtype against config'] }]);
  });

  it('takes a release and a reference that could not be read, and tells what failed, training records too', async () => {
    const document = exampleDocument('partial');
    const [row] = document.leaderboard;
    const [pair] = document.pairs;
    if (row === undefined || pair === undefined) throw new TypeError('the example has rows');
    const unread = {
      code: 'ObjectMissing',
      rule: null,
      object: null,
      tensor: null,
      message: 'no such object',
    };
    const partial: ResultDocument = {
      ...document,
      leaderboard: [
        ...document.leaderboard,
        {
          ...row,
          subject: 'unread',
          release: 'Unread',
          outcome: 'not_comparable',
          nearest: null,
          components: [],
        },
      ],
      pairs: [
        ...document.pairs,
        {
          ...pair,
          reference: 'gone',
          evidence: [],
          maps: [],
          alignments: [],
          verdict: { ...pair.verdict, reference: 'gone', controls: [] },
        },
      ],
      failures: {
        models: [
          { id: 'unread', name: 'Unread', role: 'subject', team: 'A', ...unread },
          { id: 'gone', name: 'Gone', role: 'reference', team: null, ...unread },
        ],
        comparisons: (document.failures?.comparisons ?? []).flatMap((failed) => [
          failed,
          { ...failed, kind: 'audit' as const, component: 'experts' as const },
        ]),
        training: [{ subject: 'team-a', ...unread, code: 'StorageUnavailable', object: 'train/run.json' }],
      },
    };
    await database.publish(partial);
    expect(
      await rows(
        `select position, part, model, role, reference, kind, code, object, component from report_v1.failures
         where programme = 'partial' order by position`,
      ),
    ).toEqual([
      {
        position: 1,
        part: 'model',
        model: 'unread',
        role: 'subject',
        reference: null,
        kind: null,
        code: 'ObjectMissing',
        object: null,
        component: null,
      },
      {
        position: 2,
        part: 'model',
        model: 'gone',
        role: 'reference',
        reference: null,
        kind: null,
        code: 'ObjectMissing',
        object: null,
        component: null,
      },
      {
        position: 3,
        part: 'comparison',
        model: 'base-x',
        role: 'reference',
        reference: 'base-y',
        kind: 'negative',
        code: 'ObjectChanged',
        object: null,
        component: null,
      },
      {
        position: 4,
        part: 'comparison',
        model: 'base-x',
        role: 'reference',
        reference: 'base-y',
        kind: 'audit',
        code: 'ObjectChanged',
        object: null,
        component: 'experts',
      },
      {
        position: 5,
        part: 'training',
        model: 'team-a',
        role: 'subject',
        reference: null,
        kind: null,
        code: 'StorageUnavailable',
        object: 'train/run.json',
        component: null,
      },
    ]);
    expect(
      await rows(
        `select outcome, model_revision from report_v1.leaderboard where programme = 'partial' and subject = 'unread'`,
      ),
    ).toEqual([{ outcome: 'not_comparable', model_revision: null }]);
    expect(
      await rows(
        `select model, tensors, tensors_excluded, failure from report_v1.coverage
         where programme = 'partial' and failure is not null order by model`,
      ),
    ).toEqual([
      { model: 'gone', tensors: null, tensors_excluded: null, failure: 'ObjectMissing' },
      { model: 'unread', tensors: null, tensors_excluded: null, failure: 'ObjectMissing' },
    ]);
  });

  it('comments the schema, every view and every column of report_v1', async () => {
    expect(
      await rows(`select relname, attname from pg_class join pg_attribute on attrelid = pg_class.oid and attnum >= 0
        where relnamespace = 'report_v1'::regnamespace and col_description(pg_class.oid, attnum) is null
        union all select relname, null from pg_class
        where relnamespace = 'report_v1'::regnamespace and obj_description(oid, 'pg_class') is null
        union all select nspname, null from pg_namespace
        where nspname = 'report_v1' and obj_description(oid, 'pg_namespace') is null`),
    ).toEqual([]);
  });
});
