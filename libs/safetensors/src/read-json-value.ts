import type { Json } from '@jokbo/contracts';
import {
  malformed,
  nextKind,
  readItems,
  readKey,
  readNumberToken,
  readString,
  type JsonCursor,
} from './json-cursor.js';

/** Deepest nesting of untrusted JSON: tokenizers and configs stay below 10. */
export const MAX_JSON_DEPTH = 64;

/** What one document may still use; counted down while it is read. */
export interface JsonBudget {
  /** Values of any kind. */
  values: number;
  /** Objects and arrays: each costs some 100 bytes of memory for as few as 3 bytes of text. */
  containers: number;
  /** Whether Python's `NaN`, `Infinity` and `-Infinity` are read, as those texts. */
  readonly pythonFloats: boolean;
}

/**
 * Reads one value. Objects have no prototype, so that `__proto__` is a key like any other.
 *
 * @throws MalformedCheckpoint json, unicode, duplicate-key, limits.
 */
export function readJsonValue(cursor: JsonCursor, budget: JsonBudget, depth = 0): Json {
  if (depth > MAX_JSON_DEPTH) throw malformed(cursor, 'limits', `nested deeper than ${MAX_JSON_DEPTH}`);
  budget.values -= 1;
  if (budget.values < 0) throw malformed(cursor, 'limits', 'too many values');
  const kind = nextKind(cursor);
  if (kind === 'string') return readString(cursor);
  if (kind === 'number') return readNumber(cursor, budget);
  if (kind === 'literal') return readLiteral(cursor, budget);
  budget.containers -= 1;
  if (budget.containers < 0) throw malformed(cursor, 'limits', 'too many objects and arrays');
  return kind === 'array' ? readArray(cursor, budget, depth) : readObject(cursor, budget, depth);
}

function readArray(cursor: JsonCursor, budget: JsonBudget, depth: number): Json {
  const items: Json[] = [];
  readItems(cursor, '[]', () => {
    items.push(readJsonValue(cursor, budget, depth + 1));
  });
  return items;
}

function readObject(cursor: JsonCursor, budget: JsonBudget, depth: number): Json {
  const members = Object.create(null) as Record<string, Json>;
  readItems(cursor, '{}', () => {
    const key = readKey(cursor);
    if (key in members)
      throw malformed(cursor, 'duplicate-key', 'key occurs twice', { value: key.slice(0, 80) });
    members[key] = readJsonValue(cursor, budget, depth + 1);
  });
  return members;
}

function readNumber(cursor: JsonCursor, budget: JsonBudget): Json {
  const token = readNumberToken(cursor);
  if (token === '-' && budget.pythonFloats && takeWord(cursor, 'Infinity')) return '-Infinity';
  const value = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(token) ? Number(token) : NaN;
  if (!Number.isFinite(value)) {
    throw malformed(cursor, 'json', 'not a finite number', { value: token.slice(0, 80) });
  }
  return value;
}

function readLiteral(cursor: JsonCursor, budget: JsonBudget): Json {
  if (takeWord(cursor, 'true')) return true;
  if (takeWord(cursor, 'false')) return false;
  if (takeWord(cursor, 'null')) return null;
  if (budget.pythonFloats && takeWord(cursor, 'NaN')) return 'NaN';
  if (budget.pythonFloats && takeWord(cursor, 'Infinity')) return 'Infinity';
  throw malformed(cursor, 'json', 'unknown word');
}

function takeWord(cursor: JsonCursor, word: string): boolean {
  const end = cursor.position + word.length;
  if (end > cursor.end || cursor.bytes.toString('latin1', cursor.position, end) !== word) return false;
  cursor.position = end;
  return true;
}
