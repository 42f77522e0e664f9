import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv2020, type SchemaObject, type ValidateFunction } from 'ajv/dist/2020.js';

/** The published schemas. */
export type SchemaName = 'programme' | 'rules' | 'result' | 'compare' | 'trajectory' | 'manifest';

/**
 * Reads a schema of `@jokbo/contracts`.
 *
 * @throws the system error when the package is not installed whole.
 */
export function loadSchema(name: SchemaName): SchemaObject {
  const path = createRequire(import.meta.url).resolve(`@jokbo/contracts/schema/${name}.schema.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as SchemaObject;
}

/**
 * A validator of one schema that is compiled when it is first asked for.
 *
 * @param references Schemas that it refers to by file name.
 */
export function lazyValidator<T>(
  name: SchemaName,
  references: readonly SchemaName[] = [],
): () => ValidateFunction<T> {
  let compiled: ValidateFunction<T> | undefined;
  return () => (compiled ??= compile<T>(name, references));
}

function compile<T>(name: SchemaName, references: readonly SchemaName[]): ValidateFunction<T> {
  const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true });
  for (const reference of references) ajv.addSchema(loadSchema(reference), `${reference}.schema.json`);
  return ajv.compile<T>(loadSchema(name));
}
