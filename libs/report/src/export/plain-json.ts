import { canonicalJson } from '@jokbo/contracts';

/**
 * Characters that JSON allows in texts but that can move a cursor, reverse text or hide it. A line end is never raw in a
 * text of JSON: it is indentation.
 */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Canonical JSON in which control and format characters are written as escapes: the same value for every parser, and
 * text that does nothing to a terminal.
 *
 * @throws TypeError as `canonicalJson`.
 */
export function plainJson(value: unknown): string {
  return withEscapes(canonicalJson(value));
}

/** JSON text, compact or indented by spaces, with the invisible characters of its texts as escapes. */
export function withEscapes(json: string): string {
  return json.replace(INVISIBLE, (character) =>
    Array.from({ length: character.length }, (_, at) => unitEscape(character.charCodeAt(at))).join(''),
  );
}

function unitEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
