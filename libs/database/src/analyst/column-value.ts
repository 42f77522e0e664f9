import pg from 'pg';

/** A value that JSON has: of a column of any type. */
export type QueryValue =
  string | number | boolean | null | readonly QueryValue[] | { readonly [name: string]: QueryValue };

// Ids of types, fixed since Postgres has them.
const BOOL = 16;
const INT2 = 21;
const INT4 = 23;
const INT8 = 20;
const FLOAT4 = 700;
const FLOAT8 = 701;
const NUMERIC = 1700;
const TEXT = 25;
const JSON_TEXT = 114;
const JSONB = 3802;
const TIMESTAMPTZ = 1184;
const TEXT_ARRAY = 1009;

/** Arrays of bool, int2, int4, int8, float4, float8, numeric, text, varchar, and their elements. */
const ARRAY_ELEMENTS: ReadonlyMap<number, number> = new Map([
  [1000, BOOL],
  [1005, INT2],
  [1007, INT4],
  [1021, FLOAT4],
  [1022, FLOAT8],
  [TEXT_ARRAY, TEXT],
  [1015, TEXT],
  [1016, INT8],
  [1231, NUMERIC],
]);

/**
 * How the text of a column becomes a value: whole numbers beyond 2^53 stay text, times are ISO 8601 in UTC, and what
 * JSON has no number for (NaN, Infinity) stays text. Types of other kinds are shown as Postgres writes them.
 */
export function columnParser(type: number): (text: string) => QueryValue {
  const element = ARRAY_ELEMENTS.get(type);
  if (element !== undefined) {
    const parse = columnParser(element);
    return (text) => textArray(text).map((item) => (item === null ? null : parse(item)));
  }
  return PARSERS.get(type) ?? ((text) => text);
}

/** The driver parses arrays of text, though its types name no id for them. */
const textArray = (
  pg.types as { getTypeParser(type: number): (text: string) => (string | null)[] }
).getTypeParser(TEXT_ARRAY);

const PARSERS: ReadonlyMap<number, (text: string) => QueryValue> = new Map([
  [BOOL, (text: string): QueryValue => text === 't'],
  ...[INT2, INT4, INT8, NUMERIC].map((type) => [type, exactNumber] as const),
  ...[FLOAT4, FLOAT8].map((type) => [type, finiteNumber] as const),
  ...[JSON_TEXT, JSONB].map((type) => [type, (text: string) => JSON.parse(text) as QueryValue] as const),
  [TIMESTAMPTZ, isoTime],
]);

function finiteNumber(text: string): QueryValue {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

function exactNumber(text: string): QueryValue {
  const value = finiteNumber(text);
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? text : value;
}

function isoTime(text: string): string {
  const time = new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
  return Number.isNaN(time.getTime()) ? text : time.toISOString();
}
