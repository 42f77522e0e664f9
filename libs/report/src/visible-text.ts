/** Longest name shown in full; beyond it a report says how much it left out. Code points. */
export const LONGEST_NAME = 300;
/** The same for sentences, commands and reasons. */
export const LONGEST_PROSE = 8000;

/** Control, format and unpaired-surrogate characters: they can move a cursor, reverse text or hide it. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Makes untrusted text safe to show: each control, format (also bidirectional and zero-width) or unpaired
 * surrogate character becomes a visible `\u{…}` escape, and text beyond `longest` code points is cut with a note.
 */
export function visibleText(text: string, longest: number = LONGEST_NAME): string {
  const points = text.length <= longest ? [] : Array.from(text);
  const cut =
    points.length <= longest ? text : `${points.slice(0, longest).join('')} [+${points.length - longest}]`;
  return cut.replace(INVISIBLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
