import { UsageError } from '@jokbo/contracts';
import type { QueryAnswer } from '@jokbo/database';

/** Version of this layout. */
const SCHEMA_VERSION = 1;

/**
 * An answer as JSON, a batch of rows at a time: `{"schema_version": 1, "columns": [name …], "rows": [{name: value …} …]}`.
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
  yield `{"schema_version":${SCHEMA_VERSION},"columns":${JSON.stringify(columns)},"rows":[`;
  let separator = '\n';
  for await (const rows of batches) {
    for (const row of rows) {
      const cells = columns.map((name, index) => `${JSON.stringify(name)}:${JSON.stringify(row[index])}`);
      yield `${separator}{${cells.join(',')}}`;
      separator = ',\n';
    }
  }
  yield '\n]}\n';
}
