import pc from 'picocolors';
import { translator, type Language, type Translate } from './messages.js';
import type { Tone } from './verdict-marks.js';
import { LONGEST_PROSE, visibleText } from './visible-text.js';
import { tellPhrase } from './words/result-words.js';

/** Narrowest terminal that is laid out for; narrower ones get this width. Columns. */
export const NARROWEST = 60;

export interface TerminalOptions {
  /** Terminal columns. */
  readonly width: number;
  /** False (as under `NO_COLOR`): no ANSI codes, and only ASCII beside names and Korean text. */
  readonly colour: boolean;
  readonly language?: Language;
}

/** How text is written to one terminal. */
export interface TerminalStyle {
  readonly width: number;
  readonly t: Translate;
  readonly paint: (tone: Tone, text: string) => string;
  readonly strong: (text: string) => string;
  /** An untrusted name, made visible and cut. */
  readonly name: (text: string) => string;
  /** Untrusted sentences and commands, made visible. */
  readonly prose: (text: string) => string;
  /** A word or phrase of the result in the language of the report, made visible. */
  readonly phrase: (text: string) => string;
  readonly rule: string;
  readonly absent: string;
}

const ASCII_FORMS: ReadonlyMap<string, string> = new Map([
  ['r\u0302', 'r'],
  ['√λ', 'sqrt(lambda)'],
  ['√', 'sqrt'],
  ['λ', 'lambda'],
  ['×', 'x'],
  ['−', '-'],
  ['·', '.'],
  ['²', '^2'],
  ['…', '...'],
  ['’', "'"],
  ['‘', "'"],
  ['“', '"'],
  ['”', '"'],
  ['≥', '>='],
  ['≤', '<='],
  ['→', '->'],
]);
const ASCII_PATTERN = new RegExp([...ASCII_FORMS.keys()].join('|'), 'gu');

function asciiSymbols(text: string): string {
  return text.replace(ASCII_PATTERN, (symbol) => ASCII_FORMS.get(symbol) ?? symbol);
}

/** The style for one terminal. */
export function terminalStyle(options: TerminalOptions, language: Language): TerminalStyle {
  const colours = pc.createColors(options.colour);
  const translate = translator(language);
  const symbols = options.colour ? (text: string) => text : asciiSymbols;
  const paints: Record<Tone, (text: string) => string> = {
    strong: (text) => colours.bold(colours.red(text)),
    medium: colours.magenta,
    warning: colours.yellow,
    neutral: colours.cyan,
    quiet: colours.dim,
  };
  return {
    width: Math.max(NARROWEST, Math.floor(options.width)),
    t: (key, values) => symbols(translate(key, values)),
    paint: (tone, text) => (text.trim() === '' ? text : paints[tone](text)),
    strong: colours.bold,
    name: (text) => symbols(visibleText(text)),
    prose: (text) => symbols(visibleText(text, LONGEST_PROSE)),
    phrase: (text) => symbols(visibleText(tellPhrase(text, language), LONGEST_PROSE)),
    rule: options.colour ? '─' : '-',
    absent: options.colour ? '·' : '.',
  };
}

/**
 * Whether a stream is to be coloured: `NO_COLOR` (any value but empty) and `TERM=dumb` say no, `FORCE_COLOR` says
 * yes, else what the stream is decides.
 */
export function colourWanted(
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  const forced = environment['FORCE_COLOR'] ?? '';
  if (forced !== '') return forced !== '0';
  return isTerminal && environment['TERM'] !== 'dumb';
}
