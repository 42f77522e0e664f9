import { expect, it } from 'vitest';
import { documentedQueries } from './documented-queries.js';
import { queriesSection, withQueriesSection } from './queries-section.js';

const TIME = { name: 'one map', statement: '', limitMs: 100, rows: 2256, medianMs: 20.4, p95Ms: 31.2 };
const SEEDED = { audits: 200, evidence: 2_052_000, cells: 10_377_600, tensors: 2_017_000, bytes: 3.21e9 };

it('states every time, and which are over their limits', () => {
  const met = queriesSection('a machine', SEEDED, [TIME]);
  expect(met).toContain('10,377,600 map cells, 2,052,000 evidence records, 2,017,000 tensors, 3.2 GB');
  expect(met).toContain('| one map | 2,256 | 20         | 31      | 100       |');
  expect(met).toContain('All within their limits.');
  expect(queriesSection('a machine', SEEDED, [{ ...TIME, p95Ms: 100 }])).toContain(
    'Over their limits: one map.',
  );
});

it('replaces its section of the page, and nothing else', () => {
  const section = '## Queries\n\nnew\n';
  expect(withQueriesSection('# Page\n', section)).toBe('# Page\n\n## Queries\n\nnew\n');
  const page = '# Page\n\n## Queries\n\nold\n\n## Next\n\ntext\n';
  expect(withQueriesSection(page, section)).toBe('# Page\n\n## Queries\n\nnew\n\n## Next\n\ntext\n');
});

it('finds the queries of the page', async () => {
  const queries = await documentedQueries();
  expect(queries[0]).toMatchObject({ question: expect.stringMatching(/^1\. /) as unknown });
  for (const { statement, answer } of queries) {
    expect(statement).toMatch(/^(?:select|with) /);
    expect(answer).toMatch(/\(\d+ rows?\)\n$/);
  }
});
