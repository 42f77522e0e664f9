import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export type JsonSchema = Readonly<Record<string, unknown>>;

type SchemaFile = JsonSchema & {
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
};

/** Files of `@jokbo/contracts` whose definitions answers are made of. */
const FILES = ['result', 'trajectory', 'rules'] as const;

/**
 * The definitions of the result document under ids of their own, so that schemas of routes and the OpenAPI document
 * refer to the same ones: `result_pair` for `#/$defs/pair` of the result schema, `result_document` for all of it.
 */
export function resultSchemas(): JsonSchema[] {
  const require = createRequire(import.meta.url);
  return FILES.flatMap((file) => {
    const path = require.resolve(`@jokbo/contracts/schema/${file}.schema.json`);
    const { $defs = {}, ...whole } = JSON.parse(readFileSync(path, 'utf8')) as SchemaFile;
    return Object.entries({ ...$defs, document: whole }).map(([name, schema]) => ({
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
    Object.entries(value)
      // The dialect is named once, by the description of the API.
      .filter(([key]) => key !== '$schema')
      .map(([key, item]) => [
        key,
        key === '$ref' && typeof item === 'string' ? rename(item, file) : withReferences(item, file),
      ]),
  );
}

/** `#/$defs/pair` or `rules.schema.json#/properties/version` as the id of what it points into, with the place in there. */
function rename(reference: string, file: string): string {
  const [, other = file, place] = /^(?:(\w+)\.schema\.json)?#(\/.*)$/.exec(reference) ?? [];
  if (place === undefined) throw new Error(`a reference of another form: ${reference}`);
  const [, name, rest = ''] = /^\/\$defs\/(\w+)(.*)$/.exec(place) ?? [];
  return name === undefined ? `${other}_document#${place}` : `${other}_${name}#${rest}`;
}
