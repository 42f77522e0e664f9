import { readFile } from 'node:fs/promises';

/** A question of docs/queries.md with its query, and the answer that the page shows. */
export interface DocumentedQuery {
  readonly question: string;
  readonly statement: string;
  readonly answer: string;
}

/** The path is the same from `src` and from `dist`. */
const PAGE = new URL('../../../docs/queries.md', import.meta.url);
const SECTION = /^## (\d+\. .+)\n[\s\S]*?^```sql\n([\s\S]*?)^```\n\n^```text\n([\s\S]*?)^```$/gm;

/** Reads the questions of docs/queries.md. */
export async function documentedQueries(): Promise<DocumentedQuery[]> {
  const page = await readFile(PAGE, 'utf8');
  return Array.from(page.matchAll(SECTION), ([, question = '', statement = '', answer = '']) => ({
    question,
    statement: statement.trim(),
    answer,
  }));
}
