import { COMPONENTS, METHODS, type Component, type Method } from '@jokbo/contracts';
import { translator, type Language } from '../messages.js';
import { CODE_WORDS } from './code-words.js';
import { DETAIL_WORDS } from './detail-words.js';
import { PHRASES } from './phrase-words.js';
import { STATISTIC_WORDS } from './statistic-words.js';
import { TRAINING_FIGURE_WORDS } from './training-figure-words.js';

/**
 * Fixed words of a result that are told in the language of the report, English → Korean: names of statistics and
 * figures, codes, and the phrases without anything to insert. A result holds the English ones.
 */
export const RESULT_WORDS: Readonly<Record<string, string>> = {
  ...DETAIL_WORDS,
  ...TRAINING_FIGURE_WORDS,
  ...CODE_WORDS,
  ...STATISTIC_WORDS,
  ...Object.fromEntries(Object.entries(PHRASES).filter(([english]) => !english.includes('{'))),
};

/** Longest text that is looked at for phrases: no phrase of a result comes near it. Characters. */
const LONGEST_PHRASE = 2000;

const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|NaN|-?Infinity`;
const ONE_COMPONENT = COMPONENTS.join('|');
const PLACES: ReadonlyMap<string, string> = new Map([
  ['n', NUMBER],
  ['m', NUMBER],
  ['list', String.raw`[\d,-]+`],
  ['from', String.raw`[\d,-]+`],
  ['id', '.+'],
  ['more', '.+'],
  ['component', ONE_COMPONENT],
  ['components', `(?:${ONE_COMPONENT})(?:(?:, | and )(?:${ONE_COMPONENT}))*`],
  ['statistic', METHODS.join('|')],
]);

/** Phrases with something to insert, as what they look like, in their order. */
const PATTERNS = Object.entries(PHRASES).flatMap(([english, korean]) =>
  english.includes('{') ? [{ pattern: patternOf(english), korean }] : [],
);

function patternOf(english: string): RegExp {
  const literal = english.replace(/[.*+?^$()[\]|\\]/g, '\\$&');
  const source = literal.replace(
    /\{(\w+)\}/g,
    (_, place: string) => `(?<${place}>${PLACES.get(place) ?? '.+'})`,
  );
  return new RegExp(`^${source}$`, 'u');
}

/**
 * Tells a word or phrase of a result in one language. What nobody knows, as names of tensors and models, stays as it is;
 * of a list (`rotation, heads permuted`) nothing is told unless everything in it is known.
 *
 * @returns text that is not yet safe for any medium.
 */
export function tellPhrase(text: string, language: Language): string {
  return language === 'en' ? text : (inKorean(text) ?? text);
}

function inKorean(text: string): string | null {
  if (text.length > LONGEST_PHRASE) return null;
  return wordOf(text) ?? patternIn(text) ?? listIn(text, '; ') ?? listIn(text, ', ');
}

function wordOf(text: string): string | null {
  return Object.hasOwn(RESULT_WORDS, text) ? (RESULT_WORDS[text] ?? null) : null;
}

function patternIn(text: string): string | null {
  for (const { pattern, korean } of PATTERNS) {
    const found = pattern.exec(text)?.groups;
    if (found !== undefined)
      return korean.replace(/\{(\w+)\}/g, (_, place: string) => insertion(place, found[place] ?? ''));
  }
  return null;
}

function listIn(text: string, separator: string): string | null {
  const parts = text.split(separator);
  if (parts.length < 2) return null;
  const told = parts.map(inKorean);
  return told.every((part) => part !== null) ? told.join(separator) : null;
}

const t = translator('ko');
const isComponent = (text: string): text is Component => COMPONENTS.some((component) => component === text);
const isMethod = (text: string): text is Method => METHODS.some((method) => method === text);

function insertion(place: string, text: string): string {
  if (place === 'statistic' && isMethod(text)) return STATISTIC_WORDS[text];
  if (place !== 'component' && place !== 'components') return text;
  return text
    .split(/, | and /)
    .map((item) => (isComponent(item) ? t(`component_${item}`) : item))
    .join(', ');
}
