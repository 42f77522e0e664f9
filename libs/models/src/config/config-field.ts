import { MalformedCheckpoint, type Json } from '@jokbo/contracts';

/** A JSON object of a config. */
export type ConfigObject = Readonly<Record<string, Json>>;

/** Largest dimension that a config may claim; the largest published one is a vocabulary of 262,208. */
const DIMENSION_LIMIT = 2 ** 26;

/** The object under `key`; null when absent or null. */
export function objectField(
  config: ConfigObject,
  keys: readonly string[],
  object: string,
): ConfigObject | null {
  for (const key of keys) {
    const value = config[key];
    if (value === undefined || value === null) continue;
    if (!isObject(value)) throw wrongType(key, 'an object', value, object);
    return value;
  }
  return null;
}

/** The first of `keys` that holds a whole number from `least` to `most`; null when none is present. */
export function sizeField(
  config: ConfigObject,
  keys: readonly string[],
  object: string,
  least = 1,
  most = DIMENSION_LIMIT,
): number | null {
  for (const key of keys) {
    const value = config[key];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      throw wrongType(key, `a whole number from ${least} to ${most}`, value, object);
    }
    return value;
  }
  return null;
}

/** The text under `key`; null when absent. */
export function textField(config: ConfigObject, key: string, object: string): string | null {
  const value = config[key];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || value.length > 200) throw wrongType(key, 'a short text', value, object);
  return value;
}

/** The truth value under `key`; null when absent. */
export function flagField(config: ConfigObject, key: string, object: string): boolean | null {
  const value = config[key];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'boolean') throw wrongType(key, 'true or false', value, object);
  return value;
}

/** Whether a JSON value is an object. */
export function isObject(value: Json): value is ConfigObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongType(key: string, wanted: string, value: Json, object: string): MalformedCheckpoint {
  return new MalformedCheckpoint('config', `${key} must be ${wanted}`, {
    object,
    value: JSON.stringify(value).slice(0, 80),
  });
}
