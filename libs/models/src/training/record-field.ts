import { MalformedTrainingRecord, type Json } from '@jokbo/contracts';

/** A JSON object of a training record and where it stands, for errors: `init.std` of which file. */
export interface RecordObject {
  readonly members: Readonly<Record<string, Json>>;
  readonly path: string;
  /** URI of the file. */
  readonly object: string;
}

/** Longest text that is kept of a record; names and codes, not prose. */
const MAX_TEXT = 4096;

/** The error for a value that is not what the format says. */
export function wrongField(
  parent: Pick<RecordObject, 'path' | 'object'>,
  key: string,
  wanted: string,
  value: Json,
): MalformedTrainingRecord {
  return new MalformedTrainingRecord('field', `${parent.path}${key} must be ${wanted}`, {
    object: parent.object,
    value: JSON.stringify(value).slice(0, 80),
  });
}

/** The object under `key`; null when absent or null. */
export function objectMember(parent: RecordObject, key: string): RecordObject | null {
  const value = member(parent, key);
  return value === null ? null : asObject(value, parent, key);
}

/** A value that must be an object. */
export function asObject(value: Json, parent: RecordObject, key: string): RecordObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongField(parent, key, 'an object', value);
  }
  const members = value as Readonly<Record<string, Json>>;
  return { members, path: `${parent.path}${key}.`, object: parent.object };
}

/** The list under `key`, of at most `most` items; empty when absent or null. */
export function listMember(parent: RecordObject, key: string, most: number): readonly Json[] {
  const value = member(parent, key);
  if (value === null) return [];
  if (!Array.isArray(value) || value.length > most)
    throw wrongField(parent, key, `a list of at most ${most} items`, value);
  return value as readonly Json[];
}

/** The finite number from `least` to `most` under `key`; null when absent. */
export function numberMember(parent: RecordObject, key: string, least: number, most: number): number | null {
  const value = member(parent, key);
  if (value === null) return null;
  if (typeof value !== 'number' || !(value >= least) || !(value <= most)) {
    throw wrongField(parent, key, `a number from ${least} to ${most}`, value);
  }
  return value;
}

/** The whole number from 0 to `most` under `key`; null when absent. */
export function countMember(
  parent: RecordObject,
  key: string,
  most = Number.MAX_SAFE_INTEGER,
): number | null {
  const value = numberMember(parent, key, 0, most);
  if (value !== null && !Number.isInteger(value)) {
    throw wrongField(parent, key, `a whole number from 0 to ${most}`, value);
  }
  return value;
}

/** The text under `key`; null when absent. */
export function textMember(parent: RecordObject, key: string): string | null {
  const value = member(parent, key);
  if (value === null) return null;
  if (typeof value !== 'string' || value.length > MAX_TEXT) throw wrongField(parent, key, 'a text', value);
  return value;
}

function member(parent: RecordObject, key: string): Json {
  return Object.hasOwn(parent.members, key) ? (parent.members[key] ?? null) : null;
}
