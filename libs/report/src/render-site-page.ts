import { readFileSync } from 'node:fs';
import type { LayerMap, ResultDocument } from '@jokbo/contracts';
import { lookUp } from './document-lookup.js';
import { reportScript, reportStyle } from './html/browser-files.js';
import { calibrationSection } from './html/calibration-section.js';
import { changesSection, type ReleaseChanges } from './html/changes-section.js';
import { criteriaSection } from './html/criteria-section.js';
import { inputsSection } from './html/inputs-section.js';
import { leaderboardSection } from './html/leaderboard-section.js';
import { mapFilesSection } from './html/map-files-section.js';
import { html, NOTHING, pageText, prose, type Html } from './html/markup.js';
import { methodSection } from './html/method-section.js';
import { COARSEST_MAPS, MAP_PRECISIONS, packMap } from './html/pack-map.js';
import { outcomesSection, type OutcomeChanges } from './html/outcomes-section.js';
import { evidenceAnchors, mapKey, type Page, type PageLinks } from './html/page.js';
import { pairSections } from './html/pair-section.js';
import { releaseSections } from './html/release-section.js';
import { siteHeader, siteNotices, type SiteHeader } from './html/site-header.js';
import { trainingSection } from './html/training-section.js';
import { MESSAGES, type Language } from './messages.js';
import { scriptJson } from './render-html.js';
import { DIVERGING } from './diverging.js';
import { VIRIDIS } from './viridis.js';
import { RESULT_WORDS } from './words/result-words.js';

/** The part of a result that a page of the site shows. */
export type SiteView =
  | { readonly kind: 'leaderboard' }
  | { readonly kind: 'release'; readonly subject: string }
  | { readonly kind: 'pair'; readonly subject: string; readonly reference: string };

export interface SitePageOptions {
  readonly language: Language;
  readonly header: SiteHeader;
  readonly links: PageLinks;
  /** Addresses of the style sheet and the script of {@link siteAssets}. */
  readonly assets: { readonly style: string; readonly script: string };
  /** A release page says what moved since the last audit; null = there was none. Absent = it says nothing. */
  readonly changes?: ReleaseChanges | null;
  /** The leaderboard says which outcomes moved since the last audit; null = there was none. Absent = it says nothing. */
  readonly outcomes?: OutcomeChanges | null;
  /** A pair page links to the cells of its maps. Absent = it does not. */
  readonly mapFile?: (map: LayerMap) => string;
}

/** The files that every page of the site links to. */
export function siteAssets(): { readonly style: string; readonly script: string; readonly running: string } {
  return {
    running: readFileSync(new URL('../browser/running.js', import.meta.url), 'utf8'),
    style: reportStyle(),
    script: reportScript(),
  };
}

/** A site sends the maps of one pair at a time: the finest precision always fits. */
const [PRECISION = COARSEST_MAPS] = MAP_PRECISIONS;

interface Content {
  readonly main: Html;
  readonly maps: readonly LayerMap[];
}

/**
 * One page of the site, of the same sections as the report. Nothing in it runs or styles inline: script and style
 * are linked, and the data of the maps stand in an element that no browser executes.
 *
 * @returns null where the result has no such release or pair.
 */
export function renderSitePage(
  document: ResultDocument,
  view: SiteView,
  options: SitePageOptions,
): string | null {
  const { language, header, links, assets } = options;
  const text = pageText(language);
  const pageOf = (part: ResultDocument): Page => {
    const lookup = lookUp(part);
    // Records stand on the page of their pair alone; other pages link to that page.
    const anchors = view.kind === 'pair' ? evidenceAnchors(lookup) : new Map<string, string>();
    return { lookup, text, anchors, links, part: (content) => content };
  };
  const content = viewContent(document, view, pageOf);
  if (content === null) return null;
  const data = scriptJson({
    language,
    messages: MESSAGES,
    words: RESULT_WORDS,
    viridis: VIRIDIS,
    diverging: DIVERGING,
    maps: Object.fromEntries(content.maps.map((map, index) => [mapKey(0, index), packMap(map, PRECISION)])),
  });
  const title = html`${MESSAGES[language].title}: ${prose(document.programme.name)}`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title.markup}</title>
<link rel="stylesheet" href="${assets.style}">
</head>
<body>
${siteHeader(pageOf(document), header).markup}<main>
${siteNotices(pageOf(document), header).markup}${content.main.markup}${siteSections(pageOf(document), content.maps, options).markup}</main>
<script type="application/json" id="data">${data}</script>
<script src="${assets.script}"></script>
</body>
</html>
`;
}

/** What a site knows beside the result. */
function siteSections(page: Page, maps: readonly LayerMap[], options: SitePageOptions): Html {
  const { changes, outcomes, mapFile } = options;
  return html`${outcomes === undefined ? NOTHING : outcomesSection(page, outcomes)}${changes === undefined ? NOTHING : changesSection(page, changes)}${mapFile === undefined ? NOTHING : mapFilesSection(page, maps, mapFile)}`;
}

type PageOf = (part: ResultDocument) => Page;

function viewContent(document: ResultDocument, view: SiteView, pageOf: PageOf): Content | null {
  if (view.kind === 'leaderboard') return { main: wholeAudit(pageOf(document)), maps: [] };
  if (view.kind === 'release') return releaseContent(document, view.subject, pageOf);
  const { subject, reference } = view;
  const pair = document.pairs.find((item) => item.subject === subject && item.reference === reference);
  if (pair === undefined) return null;
  const page = pageOf({ ...document, pairs: [pair] });
  const inputs = inputsSection(pageOf(withModels(document, [subject, reference])));
  const main = html`${pairSections(page)}${inputs}${methodSection(page, PRECISION)}`;
  return { main, maps: pair.maps };
}

function wholeAudit(page: Page): Html {
  return html`${leaderboardSection(page)}${criteriaSection(page)}${inputsSection(page)}${calibrationSection(page)}${methodSection(page, PRECISION)}`;
}

function releaseContent(document: ResultDocument, subject: string, pageOf: PageOf): Content | null {
  const leaderboard = document.leaderboard.filter((row) => row.subject === subject);
  if (leaderboard.length === 0) return null;
  const training = (document.training ?? []).filter((section) => section.subject === subject);
  const page = pageOf({ ...document, leaderboard, training });
  const inputs = inputsSection(pageOf(withModels(document, [subject])));
  return {
    main: html`${releaseSections(page)}${criteriaSection(page)}${trainingSection(page)}${inputs}`,
    maps: [],
  };
}

function withModels(document: ResultDocument, ids: readonly string[]): ResultDocument {
  return { ...document, models: document.models.filter((model) => ids.includes(model.id)) };
}
