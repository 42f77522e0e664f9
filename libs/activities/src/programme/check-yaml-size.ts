import { Lexer, Parser } from 'yaml';

/** Largest file, in UTF-8 bytes: thousands of models. */
const MAX_BYTES = 1024 * 1024;

/** Most lexical tokens: 700 models have about 30,000, and the parser's time on broken text grows with them. */
const MAX_TOKENS = 50_000;

/** Deepest nesting of open constructs in the parser, about two for each level; a programme has 8. */
const MAX_DEPTH = 64;

/** Control characters other than tab and line ends, lone surrogates, and what undecodable bytes become. */
const NOT_TEXT = /(?![\t\n\r])[\p{Cc}\p{Cs}\uFFFD]/u;

/** What is wrong with a text as a whole, and at which offset. */
export interface SizeProblem {
  readonly offset: number | null;
  readonly text: string;
}

/**
 * Bounds the size and depth of YAML text with the parts of the parser that do not recurse; null = fine. The
 * part that does must never see unbounded nesting: close to the end of its stack the engine can abort the whole
 * process instead of raising an error.
 */
export function checkYamlSize(text: string): SizeProblem | null {
  if (text.length > MAX_BYTES || Buffer.byteLength(text) > MAX_BYTES) {
    return { offset: null, text: 'must be at most 1 MiB' };
  }
  const odd = NOT_TEXT.exec(text);
  if (odd !== null) {
    const code = (odd[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return { offset: odd.index, text: `must be plain text, got the character U+${code}` };
  }
  const parser = new Parser();
  let tokens = 0;
  for (const lexeme of new Lexer().lex(text)) {
    // A generator: the parser moves on while what it yields is taken.
    Array.from(parser.next(lexeme));
    tokens += 1;
    if (tokens > MAX_TOKENS) {
      return { offset: parser.offset, text: `must have at most ${MAX_TOKENS} tokens of YAML` };
    }
    if (parser.stack.length > MAX_DEPTH) return { offset: parser.offset, text: 'is nested too deeply' };
  }
  return null;
}
