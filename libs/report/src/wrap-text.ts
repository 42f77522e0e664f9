import stringWidth from 'string-width';

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Places where a line may end: after a space (but not before `%`), and after `-`, `_`, `/` or `.` that follow a
 * letter, or `-`, `_`, `/` that follow a digit; never inside a number such as `8.7e-4`.
 */
const BREAK_AFTER = /(?<=\s)(?!%)|(?<=\p{L}[-_/.]|\p{N}[-_/])(?<!\d[eE]-)/u;

/**
 * Breaks text into lines of at most `width` terminal columns, wide characters counted as two. Breaks after spaces
 * and punctuation where it can, between graphemes where it must.
 */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  const flush = () => {
    lines.push(line.trimEnd());
    line = '';
  };
  for (const piece of text.split(BREAK_AFTER)) {
    if (stringWidth((line + piece).trimEnd()) <= width) {
      line += piece;
      continue;
    }
    if (line !== '') flush();
    if (stringWidth(piece.trimEnd()) <= width) {
      line = piece.trimStart();
      continue;
    }
    for (const { segment } of SEGMENTER.segment(piece)) {
      if (line !== '' && stringWidth(line + segment) > width) flush();
      line += segment;
    }
  }
  if (line.trim() !== '' || lines.length === 0) flush();
  return lines;
}

/** Wraps a paragraph with a first-line prefix; later lines are indented by the width of the prefix. */
export function wrapParagraph(prefix: string, text: string, width: number): string[] {
  const indent = stringWidth(prefix);
  return wrapText(text, Math.max(1, width - indent)).map((line, index) =>
    index === 0 ? `${prefix}${line}` : `${' '.repeat(indent)}${line}`,
  );
}
