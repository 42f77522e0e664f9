import { createHash } from 'node:crypto';
import { canonicalJson, VERDICTS, type ResultDocument } from '@jokbo/contracts';
import { lookUp } from './document-lookup.js';
import { reportScript, reportStyle } from './html/browser-files.js';
import { criteriaSection } from './html/criteria-section.js';
import { packTexts } from './html/deflate.js';
import { inputsSection } from './html/inputs-section.js';
import { leaderboardSection } from './html/leaderboard-section.js';
import { html, pageText, prose, shortWords, type Html } from './html/markup.js';
import { calibrationSection } from './html/calibration-section.js';
import { methodSection } from './html/method-section.js';
import {
  COARSEST_MAPS,
  MAP_PRECISIONS,
  packMap,
  type MapPrecision,
  type PackedMap,
} from './html/pack-map.js';
import { anchorLinks, evidenceAnchors, mapKey, type Page } from './html/page.js';
import { pairSections } from './html/pair-section.js';
import { releaseSections } from './html/release-section.js';
import { trainingSection } from './html/training-section.js';
import { titleBlock } from './html/title-block.js';
import { LANGUAGES, MESSAGES, type Language } from './messages.js';
import { renderJson } from './render-json.js';
import { DIVERGING } from './diverging.js';
import { VIRIDIS } from './viridis.js';
import { RESULT_WORDS } from './words/result-words.js';

/** Largest HTML file: reviewers send it by mail. Bytes. */
export const LARGEST_HTML = 5_000_000;

/**
 * JSON for a `<script type="application/json">`: `<`, `>`, `&` and the line separators are written as escapes, so
 * that no value can end the element, and it parses to the same value.
 */
export function scriptJson(value: unknown): string {
  return canonicalJson(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

interface PlacedMap {
  readonly pair: number;
  readonly map: number;
  readonly packed: PackedMap;
  readonly bytes: number;
}

/** Positions of all maps, those of the most severe verdicts first. */
function mapPlaces(document: ResultDocument): { readonly pair: number; readonly map: number }[] {
  const severity = (pair: number) =>
    VERDICTS.indexOf(document.pairs[pair]?.verdict.verdict ?? 'not_comparable');
  return document.pairs
    .flatMap(({ maps }, pair) => maps.map((_, map) => ({ pair, map })))
    .sort((a, b) => severity(a.pair) - severity(b.pair) || a.pair - b.pair || a.map - b.map);
}

/** The first maps, in the order of {@link mapPlaces}, that fit into so many bytes. */
function packUntil(document: ResultDocument, precision: MapPrecision, room: number): PlacedMap[] {
  const placed: PlacedMap[] = [];
  let left = room;
  for (const { pair, map } of mapPlaces(document)) {
    const found = document.pairs[pair]?.maps[map];
    if (found === undefined) continue;
    const packed = packMap(found, precision);
    const bytes = scriptJson({ [mapKey(pair, map)]: packed }).length;
    left -= bytes;
    if (left < 0) break;
    placed.push({ pair, map, packed, bytes });
  }
  return placed;
}

function digestSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function header(page: Page, document: ResultDocument): Html {
  const { text } = page;
  const sections = ['leaderboard', 'criteria', 'releases', 'pairs', 'inputs', 'calibration'] as const;
  return html`<header>
      ${titleBlock(page, createHash('sha256').update(renderJson(document)).digest('hex'))}
      <div class="languages" role="group" aria-label="Language / 언어">
        ${LANGUAGES.map(
          (language) =>
            html`<button
              type="button"
              lang="${language}"
              data-language="${language}"
              aria-pressed="${language === text.language ? 'true' : 'false'}"
            >
              ${language === 'ko' ? '한국어' : 'English'}
            </button>`,
        )}
      </div>
    </header>
    <nav>
      ${sections.filter((section) => section !== 'criteria' || (document.evaluations ?? []).length > 0).map((section) => html`<a href="#${section}">${text.label(section)}</a> `)}<a
        href="#method"
        >${text.label('method_notes')}</a
      >
    </nav> `;
}

/** Everything but the method, which names the precision of the maps. */
function sections(page: Page): string {
  return [
    leaderboardSection,
    criteriaSection,
    releaseSections,
    pairSections,
    trainingSection,
    inputsSection,
    calibrationSection,
  ]
    .map((write) => write(page).markup)
    .join('');
}

/** The place of a packed part, and the list that it is added to. */
function placedIn(parts: string[]): Page['part'] {
  return (content) => {
    parts.push(shortWords(content));
    return html`<div class="part" data-part="${parts.length - 1}"></div>`;
  };
}

/**
 * The whole result as one HTML file that works from disk: no network, no external resource, script and style
 * inline and pinned by a content security policy, both languages inside.
 *
 * Of several pairs each is packed, and so is every map; the script unpacks them when they are shown. Maps are rounded
 * ({@link MAP_PRECISIONS}): to the finest step with which the file stays below {@link LARGEST_HTML}. Where even
 * the coarsest is too large, maps of the least severe pairs are left out, and the page says which.
 */
export function renderHtml(document: ResultDocument, options: { readonly language?: Language } = {}): string {
  const language = options.language ?? document.programme.language;
  const lookup = lookUp(document);
  const parts: string[] = [];
  const page: Page = {
    lookup,
    text: pageText(language),
    anchors: evidenceAnchors(lookup),
    links: anchorLinks(lookup),
    part: document.pairs.length > 1 ? placedIn(parts) : (content) => content,
  };
  const head = header(page, document).markup;
  const content = sections(page);
  const packed = packTexts(parts);
  const style = reportStyle();
  const script = reportScript();

  const assemble = (precision: MapPrecision, maps: readonly PlacedMap[]): string => {
    const data = scriptJson({
      language,
      messages: MESSAGES,
      words: RESULT_WORDS,
      viridis: VIRIDIS,
      diverging: DIVERGING,
      dictionary: packed.dictionary,
      parts: packed.texts,
      maps: Object.fromEntries(maps.map((item) => [mapKey(item.pair, item.map), item.packed])),
    });
    return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${digestSource(style)}; script-src ${digestSource(script)}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${html`${MESSAGES[language].title}: ${prose(document.programme.name)}`.markup}</title>
<style>${style}</style>
</head>
<body>
${head}<main>
${content}${methodSection(page, precision).markup}</main>
<script type="application/json" id="data">${data}</script>
<script>${script}</script>
</body>
</html>
`;
  };
  const all = mapPlaces(document).length;
  const room = LARGEST_HTML - Buffer.byteLength(assemble(COARSEST_MAPS, []));
  for (const precision of MAP_PRECISIONS) {
    const maps = packUntil(document, precision, room);
    if (maps.length === all || precision === COARSEST_MAPS) return assemble(precision, maps);
  }
  return assemble(COARSEST_MAPS, []);
}
