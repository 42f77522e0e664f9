import { describe, expect, it } from 'vitest';
import {
  firstArguments,
  namesIn,
  sourceFiles,
  textsOf,
  valuesOf,
  type SourceText,
} from '../../specs/source-texts.js';
import { tellPhrase } from './result-words.js';

/*
 * The packages below write phrases, codes and names of figures into results in English. What they write is read from
 * their source, and has to have a Korean word: a phrase that is new, or changed, fails here until it has one.
 */
const filesOf = (library: string) => sourceFiles(new URL(`../../../${library}/src/`, import.meta.url));
const evidence = filesOf('evidence');
const verdict = filesOf('verdict');
const written = evidence.flatMap(textsOf);

/** What stands for an inserted text: what any phrase asks for is among them. */
const INSERTED = [
  '3',
  '1-3',
  'attention',
  'trace',
  'residual dimensions',
  'permutation',
  'model.norm.weight',
];
/** Seeds, keys of kept parts, and terms that names of figures are made of: none of them stands in a result. */
const INTERNAL = new Set([
  'matched mean',
  'evidence-1',
  'feed-forward',
  'hidden-trace',
  'identity-map',
  'map-gram',
  'matched-units',
  'permutation-1',
  'query-key',
  'self-test',
  'value-output',
]);
/** Symbols, the same in both languages. */
const SYMBOLS = new Set(['q', 'haar_log10_p']);

/** A text with every choice of what is inserted; of the end of a phrase, with every choice of what stands before it. */
function filled([first = '', ...rest]: readonly string[]): string[] {
  const starts = /^[ ,;]/.test(first) ? INSERTED.map((start) => start + first) : [first];
  return rest.reduce(
    (texts, part) => texts.flatMap((text) => INSERTED.map((inserted) => text + inserted + part)),
    starts,
  );
}

const whole = ({ parts }: SourceText): string => parts.join('…');
const isTold = ({ parts }: SourceText): boolean =>
  filled(parts).some((text) => tellPhrase(text, 'ko') !== text);

/** Texts without a Korean word, with the files that write them. */
function untold(texts: readonly SourceText[]): string[] {
  return texts
    .filter((text) => !INTERNAL.has(whole(text)) && !SYMBOLS.has(whole(text)) && !isTold(text))
    .map((text) => `${text.file}: ${whole(text)}`);
}

const hasWords = (text: SourceText): boolean => /[a-z] [a-z]/.test(whole(text));
/** Of training findings, a place may be one word and a number; elsewhere such texts are keys of blocks. */
const isPlace = (text: SourceText): boolean =>
  text.file.startsWith('training/') && /[a-z] …/.test(whole(text));

describe('what statistics write', () => {
  it('has Korean for nulls, alignments, calibrations and places', () => {
    const phrases = written.filter((text) => hasWords(text) || isPlace(text));
    expect(phrases.length).toBeGreaterThan(40);
    expect(untold(phrases)).toEqual([]);
  });

  it('has Korean for codes of what was not measured', () => {
    const codes = written.filter(
      (text) => !text.file.startsWith('training/') && /^[a-z0-9]+(-[a-z0-9]+)+$/.test(whole(text)),
    );
    expect(codes.length).toBeGreaterThan(60);
    // Told before a list of layers.
    expect(untold(codes.filter((text) => whole(text) !== 're-ordered'))).toEqual([]);
  });

  it('has Korean for names of figures', () => {
    const details = evidence.flatMap((file) => namesIn(file, 'details'));
    expect(details.length).toBeGreaterThan(80);
    expect(untold(details)).toEqual([]);
  });

  it('has Korean for figures of training tests', () => {
    const figures = ['limited', 'context'].flatMap((called) =>
      evidence.flatMap((file) => firstArguments(file, called)),
    );
    expect(figures.length).toBeGreaterThan(60);
    expect(untold(figures)).toEqual([]);
  });

  it('has Korean for orders of layers and the kinds of an alignment', () => {
    const orders = evidence.flatMap((file) => firstArguments(file, 'named'));
    expect(orders.length).toBeGreaterThan(2);
    expect(untold(orders.map(({ file, parts }) => ({ file, parts: [`${parts.join('')} 1-3`] })))).toEqual([]);
    const kinds = evidence
      .filter(({ fileName }) => /^disguise\/residual-(permutation|rotation)\.ts$/.test(fileName))
      .flatMap((file) => ['order', 'base', 'name'].flatMap((holder) => valuesOf(file, holder)));
    expect(kinds.length).toBeGreaterThan(2);
    expect(untold(kinds)).toEqual([]);
  });
});

describe('what verdicts write', () => {
  it('has Korean for controls and types of a common origin', () => {
    const phrases = verdict.flatMap(textsOf).filter(hasWords);
    expect(phrases.length).toBeGreaterThan(10);
    expect(untold([...phrases, ...verdict.flatMap((file) => valuesOf(file, 'type'))])).toEqual([]);
  });
});

describe('what is noted on files', () => {
  it('has Korean', () => {
    const texts = ['models', 'safetensors'].flatMap(filesOf).flatMap(textsOf);
    const notes = texts.filter((text) => /^[a-z0-9]+(-[a-z0-9]+)*: [a-z…]/.test(whole(text)));
    expect(notes.length).toBeGreaterThan(12);
    expect(untold(notes)).toEqual([]);
  });
});
