import type { ResultDocument } from '@jokbo/contracts';
import { beforeAll, expect, it } from 'vitest';
import { describeOnDatabase } from '../../specs/describe-on-database.js';
import { digestOf, exampleDocument } from '../../specs/example-document.js';
import { readExamples } from '../../specs/example-fingerprint.js';

describeOnDatabase('published results', (database) => {
  const { rows } = database;
  const published = (document: ResultDocument) =>
    database.publish(document, readExamples('subject', 'reference'));

  beforeAll(async () => {
    await published(exampleDocument('kept'));
  });

  it('are refused every change, removal and addition, in every table', async () => {
    const tables = await rows(
      `select table_name as name, min(column_name) filter (where is_nullable = 'NO') as column
       from information_schema.columns join information_schema.tables using (table_schema, table_name)
       where table_schema = 'public' and table_type = 'BASE TABLE' group by 1 order by 1`,
    );
    expect(tables).toHaveLength(36);
    for (const { name, column } of tables as { name: string; column: string }[]) {
      for (const statement of [
        `update "${name}" set "${column}" = "${column}"`,
        `delete from "${name}"`,
        `truncate "${name}" cascade`,
      ]) {
        await expect(database.pool.query(statement), statement).rejects.toThrow(
          'never changed, only superseded',
        );
      }
      if (name === 'run' || name === 'fingerprint') continue;
      const again = `insert into "${name}" select (jsonb_populate_record(t, '{"run_id": 1}')).* from "${name}" t limit 1`;
      const late = `insert into "${name}" select * from "${name}" limit 1 on conflict do nothing`;
      await expect(database.pool.query(again), again).rejects.toThrow(/duplicate key|nothing is added/);
      expect((await database.pool.query(late)).rowCount).toBe(0);
    }
    await expect(
      database.pool.query(
        `insert into finding select run_id, model, 99, finding from finding limit 1 on conflict do nothing`,
      ),
    ).rejects.toThrow('nothing is added to a published run');
    await expect(
      database.pool.query(
        `insert into tensor (fingerprint, position, stored, reason, parameters)
          select fingerprint, 99, 'late', 'buffer', 1 from tensor_list limit 1`,
      ),
    ).rejects.toThrow('nothing is added to a published list of tensors');
  });

  it('have a trigger on every column of a run but those that say what superseded it', async () => {
    const columns = await rows(
      `select column_name as name from information_schema.columns
       where table_schema = 'public' and table_name = 'run' order by 1`,
    );
    const free: unknown[] = [];
    for (const { name } of columns) {
      const change = `update run set "${String(name)}" = default where false`;
      await database.pool.query(change).then(
        () => free.push(name),
        (error: unknown) => expect(String(error)).toContain('never changed'),
      );
    }
    expect(free).toEqual(['is_current', 'superseded_by']);
    await expect(
      database.pool.query('update run set is_current = true, superseded_by = null where not is_current'),
    ).resolves.toMatchObject({ rowCount: 0 });
  });

  it('are superseded once: a run cannot become current again', async () => {
    const next: ResultDocument = { ...exampleDocument('kept'), caveats: ['next'] };
    await published(next);
    await expect(
      database.pool.query('update run set is_current = true, superseded_by = null where not is_current'),
    ).rejects.toThrow('superseded once and for all');
  });

  it('are superseded by their re-evaluation, which names them', async () => {
    const audit = exampleDocument('judged');
    const first = await published(audit);
    const again: ResultDocument = { ...audit, caveats: ['round 2'], supersedes: digestOf(audit) };
    const second = await published(again);
    expect(second).toMatchObject({ created: true, current: true });
    expect(
      await rows(`select run_id::int as run, is_current, supersedes::int, superseded_by::int, judged_again_sha256
        from report_v1.runs where programme = 'judged' order by 1`),
    ).toEqual([
      {
        run: first.runId,
        is_current: false,
        supersedes: null,
        superseded_by: second.runId,
        judged_again_sha256: null,
      },
      {
        run: second.runId,
        is_current: true,
        supersedes: first.runId,
        superseded_by: null,
        judged_again_sha256: digestOf(audit),
      },
    ]);
  });

  it('stay current when measurements that they superseded are judged again', async () => {
    const old = exampleDocument('late');
    const { runId: oldRun } = await published(old);
    const audit: ResultDocument = { ...old, caveats: ['new weights'] };
    const { runId: newRun } = await published(audit);
    const late: ResultDocument = { ...old, caveats: ['round 2'], supersedes: digestOf(old) };
    const judged = await published(late);
    expect(judged).toMatchObject({ created: true, current: false });
    expect(
      await rows(`select run_id::int as run, is_current, supersedes::int, superseded_by::int
        from report_v1.runs where programme = 'late' order by 1`),
    ).toEqual([
      { run: oldRun, is_current: false, supersedes: null, superseded_by: newRun },
      { run: newRun, is_current: true, supersedes: oldRun, superseded_by: null },
      { run: judged.runId, is_current: false, supersedes: oldRun, superseded_by: newRun },
    ]);
  });
});
