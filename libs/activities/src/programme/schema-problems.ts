import type { ErrorObject } from 'ajv/dist/2020.js';
import { shown } from './problem.js';
import { pointerOf } from './read-yaml.js';
import { didYouMean } from './suggest.js';

/** What a schema refused: where, whether the key itself is wrong or its value, and why. */
export interface SchemaProblem {
  /** JSON pointer of the key or value. */
  readonly pointer: string;
  readonly side: 'key' | 'value';
  readonly text: string;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a string',
  array: 'a list',
  object: 'a mapping',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  null: 'nothing',
};

/** Says in words what the errors of a validator mean; needs its options `allErrors` and `verbose`. */
export function schemaProblems(errors: readonly ErrorObject[]): SchemaProblem[] {
  const mistyped = new Set(
    errors.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath),
  );
  return errors
    .filter(({ keyword, instancePath }) => {
      // A name that breaks its pattern is reported by the pattern; a value of the wrong type by its type.
      return keyword !== 'propertyNames' && (keyword === 'type' || !mistyped.has(instancePath));
    })
    .map(schemaProblem);
}

function schemaProblem(error: ErrorObject): SchemaProblem {
  const { instancePath: pointer, keyword, data } = error;
  const params: Readonly<Record<string, unknown>> = error.params;
  const schema = (error.parentSchema ?? {}) as Readonly<Record<string, unknown>>;
  if (error.propertyName !== undefined) {
    const text = `is not a valid ${describe(schema)}`;
    return { pointer: pointer + pointerOf([error.propertyName]), side: 'key', text };
  }
  if (keyword === 'additionalProperties') {
    const name = String(params['additionalProperty']);
    const known = Object.keys(schema['properties'] ?? {});
    const text = `is not a known key${didYouMean(name, known)}`;
    return { pointer: pointer + pointerOf([name]), side: 'key', text };
  }
  if (keyword === 'required') {
    return { pointer, side: 'value', text: `must have the key ${shown(params['missingProperty'])}` };
  }
  return {
    pointer,
    side: 'value',
    text: `${expectation(keyword, params, schema, data)}, got ${shown(data)}`,
  };
}

function expectation(
  keyword: string,
  params: Readonly<Record<string, unknown>>,
  schema: Readonly<Record<string, unknown>>,
  data: unknown,
): string {
  const limit = String(params['limit']);
  switch (keyword) {
    case 'type':
      return `must be ${[schema['type']].flat().map(typeName).join(' or ')}${quoteHint(schema, data)}`;
    case 'const':
      return `must be ${shown(params['allowedValue'])}`;
    case 'enum': {
      const allowed = (params['allowedValues'] as readonly unknown[]).map(String);
      const only = allowed.length === 1 ? '' : 'one of ';
      return `must be ${only}${allowed.join(', ')}${typeof data === 'string' ? didYouMean(data, allowed) : ''}`;
    }
    case 'pattern':
      return `must be a valid ${describe(schema)}`;
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'exclusiveMinimum':
      return `must be more than ${limit}`;
    case 'minLength':
      return `must have at least ${counted(params['limit'], 'character')}`;
    case 'maxLength':
      return `must have at most ${counted(params['limit'], 'character')}`;
    case 'minItems':
      return `must have at least ${counted(params['limit'], 'entry', 'entries')}`;
    case 'maxItems':
      return `must have at most ${counted(params['limit'], 'entry', 'entries')}`;
    case 'maxProperties':
      return `must have at most ${counted(params['limit'], 'key')}`;
    case 'uniqueItems':
      return `must not repeat an entry (${String(params['j'])} and ${String(params['i'])})`;
    default:
      return `must satisfy the rule ${shown(keyword)}`;
  }
}

function counted(limit: unknown, one: string, many = `${one}s`): string {
  return `${String(limit)} ${limit === 1 ? one : many}`;
}

function typeName(type: unknown): string {
  return TYPE_NAMES[String(type)] ?? String(type);
}

/** A name, version or date that YAML reads as a number or truth value. */
function quoteHint(schema: Readonly<Record<string, unknown>>, data: unknown): string {
  const scalar = typeof data === 'number' || typeof data === 'boolean';
  return scalar && schema['type'] === 'string' ? ' (in quotes)' : '';
}

function describe(schema: Readonly<Record<string, unknown>>): string {
  const { title: name, description } = schema;
  const title = typeof name === 'string' ? name.toLowerCase() : 'value';
  return typeof description === 'string' ? `${title} (${description.replace(/\.$/, '')})` : title;
}
