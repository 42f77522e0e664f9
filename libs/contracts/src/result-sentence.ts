import { COMPONENTS } from './component.js';
import {
  RESULT_FIGURES,
  type CodedSentence,
  type FigureKind,
  type FigureKinds,
  type NamedControl,
  type ResultFigures,
} from './result-figures.js';
import { RESULT_MESSAGES, type ResultMessage } from './result-messages.js';
import { TRAINING_TESTS } from './training.js';
import { VERDICTS } from './verdict.js';

/** How a medium writes a figure of each kind. */
export type FigureWriters = { readonly [Kind in FigureKind]: (value: FigureKinds[Kind]) => string };

/** A sentence with its English text, as it goes into a result. */
export interface WrittenSentence extends CodedSentence {
  readonly text: string;
}

/** Makes one sentence of a result: its key, its figures, and the English text that follows from both. */
export function resultSentence<Message extends ResultMessage>(
  message: Message,
  figures: ResultFigures<Message>,
): WrittenSentence {
  const sentence = { message, figures: figures as CodedSentence['figures'] };
  const text = writeSentence(sentence, (key) => RESULT_MESSAGES[key], IN_ENGLISH);
  if (text === null) throw new RangeError(`figures of ${message} that do not fit it`);
  return { ...sentence, text };
}

/**
 * Writes a sentence of a result with its figures.
 *
 * @param template of the language, by key; `{name}` in it is replaced by the figure of that name.
 * @returns null for a sentence that no template has, or whose figures are not those of its kind: what a newer tool, or
 *   nobody, wrote. Its English text then is what there is to show.
 */
export function writeSentence(
  { message, figures }: { readonly message: string; readonly figures: Readonly<Record<string, unknown>> },
  template: (message: ResultMessage) => string,
  writers: FigureWriters,
): string | null {
  if (!isResultMessage(message)) return null;
  const written = new Map<string, string>();
  for (const [name, kind] of Object.entries<FigureKind>(RESULT_FIGURES[message])) {
    const text = Object.hasOwn(figures, name) ? writeFigure(kind, figures[name], writers) : null;
    if (text === null) return null;
    written.set(name, text);
  }
  return template(message).replace(/\{(\w+)\}/g, (whole, name: string) => written.get(name) ?? whole);
}

function isResultMessage(message: string): message is ResultMessage {
  return Object.hasOwn(RESULT_MESSAGES, message);
}

function writeFigure<Kind extends FigureKind>(
  kind: Kind,
  value: unknown,
  writers: Pick<FigureWriters, Kind>,
): string | null {
  const isOfKind: (value: unknown) => value is FigureKinds[Kind] = IS_OF_KIND[kind];
  const write: (value: FigureKinds[Kind]) => string = writers[kind];
  return isOfKind(value) ? write(value) : null;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isNumberOrNull = (value: unknown): value is number | null => value === null || isNumber(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isOneOf =
  <Item extends string>(items: readonly Item[]) =>
  (value: unknown): value is Item =>
    (items as readonly unknown[]).includes(value);
const isListOf =
  <Item>(is: (value: unknown) => value is Item) =>
  (value: unknown): value is readonly Item[] =>
    Array.isArray(value) && value.every(is);

function isNamedControl(value: unknown): value is NamedControl {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('method' in value)) return false;
  return isOneOf(['negative', 'positive', 'self_scramble', 'identity'])(value.kind) && isText(value.method);
}

const isComponent = isOneOf(COMPONENTS);

const IS_OF_KIND: { readonly [Kind in FigureKind]: (value: unknown) => value is FigureKinds[Kind] } = {
  z: isNumberOrNull,
  r: isNumberOrNull,
  share: isNumberOrNull,
  count: isNumber,
  limit: isNumber,
  name: (value): value is string | null => value === null || isText(value),
  names: isListOf(isText),
  gap: isText,
  reference: isText,
  references: isListOf(isText),
  component: isComponent,
  components: isListOf(isComponent),
  verdict: isOneOf(VERDICTS),
  controls: isListOf(isNamedControl),
  test: isOneOf(TRAINING_TESTS),
};

const joined = (names: readonly string[]): string => names.join(', ');
const measured = (value: number | null, write: (value: number) => string): string =>
  value === null ? 'not measured' : write(value);

const IN_ENGLISH: FigureWriters = {
  z: (value) => measured(value, (z) => z.toFixed(1)),
  r: (value) => measured(value, (r) => (r !== 0 && Math.abs(r) < 1e-3 ? r.toExponential(1) : r.toFixed(3))),
  share: (value) => measured(value, (share) => `${(100 * share).toFixed(1)} %`),
  count: String,
  limit: String,
  name: (value) => value ?? 'an unnamed one',
  names: joined,
  gap: String,
  reference: String,
  references: joined,
  component: String,
  components: joined,
  verdict: String,
  controls: (controls) => joined(controls.map(({ kind, method }) => `${kind} control (${method})`)),
  test: String,
};
