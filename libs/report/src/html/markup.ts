import type { VerdictClass } from '@jokbo/contracts';
import { LANGUAGES, translator, type Language, type MessageKey, type Translate } from '../messages.js';
import type { Figure } from '../numbers.js';
import { VERDICT_SYMBOLS, VERDICT_TONES } from '../verdict-marks.js';
import { LONGEST_PROSE, visibleText } from '../visible-text.js';
import { RESULT_WORDS, tellPhrase } from '../words/result-words.js';

/** Markup that is already safe. Only {@link html} and its callers make it. */
export interface Html {
  readonly markup: string;
}

type Piece = string | number | Html | readonly Html[];

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** Escapes text for element content and for quoted attribute values. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES.get(character) ?? character);
}

function pieceMarkup(piece: Piece): string {
  if (typeof piece === 'string' || typeof piece === 'number') return escapeHtml(String(piece));
  return 'markup' in piece ? piece.markup : piece.map((item) => item.markup).join('');
}

/** Line breaks of the source, with their indentation: one break in the page, for its size. */
const SOURCE_BREAK = /\s*\n\s*/g;

/** A template whose inserted strings are escaped; only {@link Html} goes in as it is. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return {
    markup: strings.reduce((text, part, index) => {
      const piece = index === 0 ? undefined : pieces[index - 1];
      return text + (piece === undefined ? '' : pieceMarkup(piece)) + part.replace(SOURCE_BREAK, '\n');
    }, ''),
  };
}

/** A space that keeps a symbol beside its word. */
const NO_BREAK = '\u00a0';

/** What stands for elements in packed markup; no name holds them, as control characters are made visible. */
const WORD_MARK = '\u0001';
const BOTH_MARKS = ['\u0002', '\u0003', '\u0004'] as const;

const WORD_ELEMENT = /<span data-w="([^"]*)">[^<]*<\/span>(?=(<)?)/g;
const BOTH_ELEMENTS = new RegExp(
  LANGUAGES.map((language) => `<span class="l" lang="${language}">([^<]*)</span>`).join(''),
  'g',
);

/**
 * Markup of a part that the script unpacks, with marks instead of the elements around words and sentences in two
 * languages: of a report of many pairs these were a tenth. The script puts them back.
 */
export function shortWords({ markup }: Html): string {
  const [before, between, after] = BOTH_MARKS;
  return markup
    .replace(
      WORD_ELEMENT,
      (_, word: string, tag?: string) => WORD_MARK + word + (tag === undefined ? WORD_MARK : ''),
    )
    .replace(BOTH_ELEMENTS, `${before}$1${between}$2${after}`);
}

/** What stands between the words of a list, and a count behind one: the same in every language. */
const BETWEEN_WORDS = /(; |, | \(\d+\)(?=$|; |, ))/;

export const NOTHING: Html = { markup: '' };

/** An untrusted name: visible, escaped, and isolated from the direction of the text around it. */
export function name(text: string): Html {
  return html`<bdi>${visibleText(text)}</bdi>`;
}

/** Untrusted sentences, commands and digests. */
export function prose(text: string): Html {
  return html`${visibleText(text, LONGEST_PROSE)}`;
}

/** The pieces of a page that depend on its default language. */
export interface PageText {
  readonly language: Language;
  /** A message without values; the script swaps it when the language is switched. */
  readonly label: (key: MessageKey) => Html;
  /** A sentence with values, written in both languages; the style sheet shows one. */
  readonly both: (write: (t: Translate, language: Language) => string) => Html;
  /**
   * A word or phrase of the result in the language of the page, as far as it is known. The script swaps single words;
   * phrases with something inserted are written in both languages.
   */
  readonly phrase: (text: string) => Html;
  /** A table cell: the figure, or "not measured". */
  readonly cell: (figure: Figure) => Html;
  /** Table cells; neighbours that were not measured share one cell. */
  readonly cells: (figures: readonly Figure[]) => Html[];
  /** A table cell that holds one message. */
  readonly word: (key: MessageKey) => Html;
  /** The head of a row that is one message. */
  readonly rowHead: (key: MessageKey) => Html;
  /** A message in small print. */
  readonly small: (key: MessageKey) => Html;
  /** A head row of message keys. */
  readonly head: (keys: readonly MessageKey[]) => Html;
  readonly badge: (verdict: VerdictClass) => Html;
}

/** Binds the page's text to its default language. */
export function pageText(language: Language): PageText {
  const t = translator(language);
  const label = (key: MessageKey) => html`<span data-m="${key}">${t(key)}</span>`;
  const cell = (figure: Figure, span = 1) => {
    if (figure !== null) return html`<td>${visibleText(figure)}</td>`;
    const columns = span === 1 ? NOTHING : html` colspan="${span}"`;
    return html`<td class="n" ${columns} data-m="not_measured">${t('not_measured')}</td>`;
  };
  const both: PageText['both'] = (write) => ({
    markup: LANGUAGES.map((item) => {
      const written = visibleText(write(translator(item), item), LONGEST_PROSE);
      return html`<span class="l" lang="${item}">${written}</span>`.markup;
    }).join(''),
  });
  return {
    language,
    label,
    both,
    phrase: (text) => {
      if (LANGUAGES.every((item) => tellPhrase(text, item) === text)) return prose(text);
      const pieces = text.split(BETWEEN_WORDS);
      const isWord = (piece: string): boolean => piece === '' || Object.hasOwn(RESULT_WORDS, piece);
      const told = pieces.map((piece, at) => (at % 2 === 0 ? tellPhrase(piece, 'ko') : piece)).join('');
      if (!pieces.every((piece, at) => at % 2 === 1 || isWord(piece)) || told !== tellPhrase(text, 'ko'))
        return both((_, item) => tellPhrase(text, item));
      return html`${pieces.map((piece, at) =>
        at % 2 === 1 || piece === ''
          ? html`${piece}`
          : html`<span data-w="${piece}">${tellPhrase(piece, language)}</span>`,
      )}`;
    },
    cell: (figure) => cell(figure),
    cells: (figures) =>
      figures.flatMap((figure, index) => {
        if (figure !== null) return [cell(figure)];
        if (index > 0 && figures[index - 1] === null) return [];
        const next = figures.findIndex((other, position) => position > index && other !== null);
        return [cell(null, (next < 0 ? figures.length : next) - index)];
      }),
    word: (key) => html`<td data-m="${key}">${t(key)}</td>`,
    rowHead: (key) => html`<th scope="row" data-m="${key}">${t(key)}</th>`,
    small: (key) => html`<small data-m="${key}">${t(key)}</small>`,
    head: (keys) =>
      html`<thead>
        <tr>
          ${keys.map((key) => html`<th scope="col" data-m="${key}">${t(key)}</th>`)}
        </tr>
      </thead>`,
    badge: (verdict) =>
      html`<span class="v ${VERDICT_TONES[verdict]}"
        ><b>${VERDICT_SYMBOLS[verdict]}</b>${NO_BREAK}${label(`verdict_${verdict}`)}</span
      >`,
  };
}
