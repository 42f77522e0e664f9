import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { describeOnDatabase } from '../../specs/describe-on-database.js';
import { brokenColumns, publishedColumns, type PublishedColumns } from './published-columns.js';
import { readReportSchema } from './read-views.js';

const stored = async () =>
  JSON.parse(await readFile(new URL('../../report-v1.json', import.meta.url), 'utf8')) as PublishedColumns;

describeOnDatabase('report_v1', (database) => {
  it('has every view of the design, and a comment on schema, views and columns', async () => {
    const { comment, views, functions } = await readReportSchema(database.pool);
    expect(views.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'leaderboard',
        'verdicts',
        'component_results',
        'layer_pairs',
        'tensor_results',
        'controls',
        'inputs',
        'runs',
        'rule_evaluations',
        'coverage',
        'changes_since',
      ]),
    );
    expect(comment).not.toBeNull();
    const silent = [...views, ...functions].filter((view) => view.comment === null);
    expect(silent).toEqual([]);
    const columns = views.flatMap((view) =>
      view.columns.flatMap((column) => (column.comment === null ? [`${view.name}.${column.name}`] : [])),
    );
    expect(columns).toEqual([]);
  });

  it('has every column that was published, at its place and of its type; `npm run dictionary` stores new ones', async () => {
    const now = publishedColumns(await readReportSchema(database.pool));
    const published = await stored();
    expect(brokenColumns(published, now)).toEqual([]);
    expect(now).toEqual(published);
  });

  it('names on every row the run, its method and whether it is current', async () => {
    const { views } = await readReportSchema(database.pool);
    for (const { name, columns } of views) {
      expect(
        columns.slice(0, 6).map((column) => column.name),
        name,
      ).toEqual(['run_id', 'run_sha256', 'programme', 'method_version', 'is_current', 'superseded_by']);
    }
  });
});

describe('brokenColumns', () => {
  const runs = { run_id: 'bigint', language: 'text' };
  const published: PublishedColumns = { runs, gone: {} };
  it.each<[string, PublishedColumns, string[]]>([
    ['nothing', published, []],
    ['a new column at the end, a new view', { runs: { ...runs, more: 'text' }, gone: {}, next: {} }, []],
    [
      'a removed column',
      { ...published, runs: { run_id: 'bigint' } },
      ['runs.language is gone, or at another place'],
    ],
    [
      'a renamed column',
      { ...published, runs: { run_id: 'bigint', tongue: 'text' } },
      ['runs.language is gone, or at another place'],
    ],
    [
      'a retyped column',
      { ...published, runs: { ...runs, run_id: 'integer' } },
      ['runs.run_id was bigint and is integer'],
    ],
    ['a removed view', { runs }, ['gone is gone']],
  ])('tells of %s', (_change, now, broken) => {
    expect(brokenColumns(published, now)).toEqual(broken);
  });
});
