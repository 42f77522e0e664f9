import { beforeAll, expect, it } from 'vitest';
import { describeOnDatabase } from '../../specs/describe-on-database.js';
import { exampleDocument } from '../../specs/example-document.js';

describeOnDatabase('what teams say, in report_v1', (database) => {
  const { rows } = database;

  beforeAll(async () => {
    const document = exampleDocument('replies');
    await database.publish(document);
  });

  it('sets every reply beside the verdict that it is about, word for word', async () => {
    expect(
      await rows(`select position, scope, reference, component, verdict, replied_on::text, author, reply
        from report_v1.objections where team = '가나다 팀' and release = 'A 100B' order by position`),
    ).toEqual([
      {
        position: 1,
        scope: 'finding',
        reference: 'base-x',
        component: 'attention',
        verdict: 'derived',
        replied_on: '2026-01-12',
        author: "O'Neil; drop table run",
        // Postgres has no NUL in text: it stands as U+FFFD; the document keeps it.
        reply: 'We, "did".\n\\.\uFFFD{NULL}',
      },
      ...[
        { position: 2, scope: 'pair', reference: 'base-y', component: null, verdict: 'derived' },
        { position: 3, scope: 'component', reference: null, component: 'norms', verdict: 'inconclusive' },
        { position: 4, scope: 'release', reference: null, component: null, verdict: 'derived' },
      ].map((row) => ({
        ...row,
        replied_on: row.position === 4 ? '2026-01-14' : '2026-01-13',
        author: 'B',
        reply: 'No.',
      })),
    ]);
  });

  it('sets declared lineage beside what was measured', async () => {
    expect(
      await rows(`select ancestor, reference, components, note, declared_on::text, author, status, verdict
        from report_v1.declared_lineage order by position`),
    ).toEqual([
      {
        ancestor: 'base-x',
        reference: 'base-x',
        components: ['attention', 'norms'],
        note: 'said so',
        declared_on: '2026-01-05',
        author: '가나다 팀',
        status: 'compared',
        verdict: 'derived',
      },
      {
        ancestor: 'a "paper"',
        reference: null,
        components: [],
        note: null,
        declared_on: null,
        author: null,
        status: 'not_compared',
        verdict: null,
      },
    ]);
  });
});
