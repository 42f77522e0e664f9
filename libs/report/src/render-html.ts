import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { canonicalJson, VERDICTS, type ResultDocument } from '@jokbo/contracts';
import { lookUp } from './document-lookup.js';
import { criteriaSection } from './html/criteria-section.js';
import { inputsSection } from './html/inputs-section.js';
import { leaderboardSection } from './html/leaderboard-section.js';
import { html, pageText, prose, type Html } from './html/markup.js';
import { calibrationSection, methodSection } from './html/method-section.js';
import {
  COARSEST_MAPS,
  MAP_PRECISIONS,
  packMap,
  type MapPrecision,
  type PackedMap,
} from './html/pack-map.js';
import { anchorLinks, evidenceAnchors, type Page } from './html/page.js';
import { pairSections, type MapIndex } from './html/pair-section.js';
import { releaseSections } from './html/release-section.js';
import { trainingSection } from './html/training-section.js';
import { titleBlock } from './html/title-block.js';
import { LANGUAGES, MESSAGES, type Language } from './messages.js';
import { renderJson } from './render-json.js';
import { VIRIDIS } from './viridis.js';

/** Largest HTML file: reviewers send it by mail. Bytes. */
export const LARGEST_HTML = 5_000_000;

const BROWSER_FOLDER = new URL('../browser/', import.meta.url);

/** A file that pages are shown with: `report.css` or `report.js`. */
export function browserFile(file: 'report.css' | 'report.js'): string {
  return readFileSync(new URL(file, BROWSER_FOLDER), 'utf8');
}

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

/** Maps of all pairs, those of the most severe verdicts first. */
function packAll(document: ResultDocument, precision: MapPrecision): PlacedMap[] {
  const severity = (pair: number) =>
    VERDICTS.indexOf(document.pairs[pair]?.verdict.verdict ?? 'not_comparable');
  return document.pairs
    .flatMap((pair, index) =>
      pair.maps.map((map, position) => {
        const packed = packMap(map, precision);
        return { pair: index, map: position, packed, bytes: scriptJson(packed).length + 1 };
      }),
    )
    .sort((a, b) => severity(a.pair) - severity(b.pair) || a.pair - b.pair || a.map - b.map);
}

function total(maps: readonly PlacedMap[]): number {
  return maps.reduce((sum, map) => sum + map.bytes, 0);
}

function digestSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function header(page: Page, document: ResultDocument): Html {
  const { text } = page;
  const sections = ['leaderboard', 'releases', 'pairs', 'inputs', 'calibration'] as const;
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
      ${sections.map((section) => html`<a href="#${section}">${text.label(section)}</a> `)}<a href="#method"
        >${text.label('method_notes')}</a
      >
    </nav> `;
}

function body(page: Page, precision: MapPrecision, mapIndex: MapIndex): Html {
  return html`${header(page, page.lookup.document)}
    <main>
      ${leaderboardSection(page)}${criteriaSection(page)}${releaseSections(page)}${pairSections(page, mapIndex)}${trainingSection(page)}${inputsSection(page)}${calibrationSection(page)}${methodSection(page, precision)}
    </main> `;
}

/**
 * The whole result as one HTML file that works from disk: no network, no external resource, script and style
 * inline and pinned by a content security policy, both languages inside.
 *
 * Maps are embedded packed and rounded ({@link MAP_PRECISIONS}): to the finest step with which the file stays below
 * {@link LARGEST_HTML}. Where even the coarsest is too large, maps of the least severe pairs are left out, and
 * the page says which.
 */
export function renderHtml(document: ResultDocument, options: { readonly language?: Language } = {}): string {
  const language = options.language ?? document.programme.language;
  const lookup = lookUp(document);
  const page: Page = {
    lookup,
    text: pageText(language),
    anchors: evidenceAnchors(lookup),
    links: anchorLinks(lookup),
  };
  const style = browserFile('report.css');
  const script = browserFile('report.js');

  const assemble = (precision: MapPrecision, maps: readonly PlacedMap[]): string => {
    const places = new Map(maps.map((item, index) => [`${item.pair}/${item.map}`, index]));
    const content = body(page, precision, (pair, map) => places.get(`${pair}/${map}`) ?? null);
    const data = scriptJson({
      language,
      messages: MESSAGES,
      viridis: VIRIDIS,
      maps: maps.map((item) => item.packed),
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
${content.markup}<script type="application/json" id="data">${data}</script>
<script>${script}</script>
</body>
</html>
`;
  };
  for (const precision of MAP_PRECISIONS) {
    const maps = packAll(document, precision);
    if (total(maps) > LARGEST_HTML) continue;
    const text = assemble(precision, maps);
    if (Buffer.byteLength(text) <= LARGEST_HTML) return text;
  }
  // A map that is left out takes more room in the page than the place of one that is drawn.
  let room = LARGEST_HTML - Buffer.byteLength(assemble(COARSEST_MAPS, []));
  const kept = packAll(document, COARSEST_MAPS).filter((map) => {
    room -= map.bytes;
    return room >= 0;
  });
  return assemble(COARSEST_MAPS, kept);
}
