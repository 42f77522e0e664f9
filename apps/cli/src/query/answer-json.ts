import { UsageError } from '@jokbo/contracts';
import type { QueryAnswer, QueryValue } from '@jokbo/database';
import { withEscapes } from '@jokbo/report';

/** Version of this layout. */
const SCHEMA_VERSION = 1;

/**
 * An answer as JSON, a batch of rows at a time: `{"schema_version": 1, "columns": [name …], "rows": [{name: value …} …]}`.
 * Characters that a terminal acts on are escapes.
 *
 * @throws UsageError when two columns have one name: an object would lose one of them.
 */
export async function* answerJson({ columns, batches }: QueryAnswer): AsyncGenerator<string, void> {
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new UsageError('two columns of the answer have one name: give one of them another (as …)', {
      value: twice,
    });
  }
  yield `{"schema_version":${SCHEMA_VERSION},"columns":${json(columns)},"rows":[`;
  let separator = '\n';
  for await (const rows of batches) {
    for (const row of rows) {
      const cells = columns.map((name, index) => `${json(name)}:${json(row[index] ?? null)}`);
      yield `${separator}{${cells.join(',')}}`;
      separator = ',\n';
    }
  }
  yield '\n]}\n';
}

function json(value: QueryValue | readonly string[]): string {
  return withEscapes(JSON.stringify(value));
}
