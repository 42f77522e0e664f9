import { MalformedCheckpoint, type Json } from '@jokbo/contracts';
import { malformed, openJson, skipSpace } from './json-cursor.js';
import { readJsonValue } from './read-json-value.js';

/** What a JSON file may be before it is refused. */
export interface JsonLimits {
  /** Length of the text in bytes. */
  readonly bytes: number;
  /** Values of any kind; 5,000,000 if absent, three times what a tokenizer of 262,144 tokens has. */
  readonly values?: number;
  /** Objects and arrays; 2,000,000 if absent: each of 514,906 merges may be an array of two. */
  readonly containers?: number;
  /** Python's `NaN`, `Infinity` and `-Infinity` are read as those texts instead of refused. */
  readonly pythonFloats?: boolean;
}

/**
 * For `config.json` and its like: 16 MiB. Python writes `Infinity` into real configs (`time_step_limit` of
 * hybrid state-space models), so it is read; a reader of a number finds a text.
 */
export const CONFIG_JSON_LIMITS: JsonLimits = {
  bytes: 16_777_216,
  values: 500_000,
  containers: 100_000,
  pythonFloats: true,
};

/** For `tokenizer.json`: 128 MiB; the largest public ones are near 35 MB. */
export const TOKENIZER_JSON_LIMITS: JsonLimits = { bytes: 134_217_728 };

/**
 * Parses untrusted JSON: RFC 8259 text in UTF-8 without byte order mark, keys unique after unescaping, no lone
 * surrogate, at most 64 levels, finite numbers. Objects have no prototype; their integer-like keys come first, as
 * in any JavaScript object. Numbers are read as f64, so integers beyond 2^53 are rounded.
 *
 * @throws MalformedCheckpoint `json` for every violation, limits included.
 */
export function safeJson(bytes: Uint8Array, limits: JsonLimits, object: string): Json {
  if (bytes.length > limits.bytes) {
    throw new MalformedCheckpoint('json', `${bytes.length} bytes of JSON, more than ${limits.bytes}`, {
      object,
    });
  }
  const cursor = openJson(bytes, object, { rule: 'json' });
  const value = readJsonValue(cursor, {
    values: limits.values ?? 5_000_000,
    containers: limits.containers ?? 2_000_000,
    pythonFloats: limits.pythonFloats ?? false,
  });
  if (skipSpace(cursor) !== -1) throw malformed(cursor, 'json', 'text behind the value');
  return value;
}
