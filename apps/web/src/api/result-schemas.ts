import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Files of `@jokbo/contracts` whose definitions answers are made of. */
const FILES = ['result', 'trajectory', 'rules'] as const;

/**
 * The definitions of the result document under ids of their own, so that schemas of routes and the OpenAPI document
 * refer to the same ones: `result_pair` for `#/$defs/pair` of the result schema.
 */
export function resultSchemas(): JsonSchema[] {
  const require = createRequire(import.meta.url);
  return FILES.flatMap((file) => {
    const path = require.resolve(`@jokbo/contracts/schema/${file}.schema.json`);
    const { $defs = {} } = JSON.parse(readFileSync(path, 'utf8')) as { $defs?: Record<string, JsonSchema> };
    return Object.entries($defs).map(([name, schema]) => ({
      $id: `${file}_${name}`,
      ...(withReferences(schema, file) as JsonSchema),
    }));
  });
}

/** A definition of the result document, for use in the schema of a route. */
export function resultSchema(name: string): JsonSchema {
  return { $ref: `${name}#` };
}

function withReferences(value: unknown, file: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withReferences(item, file));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === '$ref' && typeof item === 'string' ? rename(item, file) : withReferences(item, file),
    ]),
  );
}

/** `#/$defs/pair` or `rules.schema.json#/$defs/title` as the id of the definition. */
function rename(reference: string, file: string): string {
  const [, other, name, rest = ''] = /^(?:(\w+)\.schema\.json)?#\/\$defs\/(\w+)(.*)$/.exec(reference) ?? [];
  if (name === undefined) throw new Error(`a reference of another form: ${reference}`);
  return `${other ?? file}_${name}#${rest}`;
}
