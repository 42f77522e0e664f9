export {
  LANGUAGES,
  MESSAGES,
  translator,
  type Language,
  type MessageKey,
  type Translate,
} from './messages.js';
export { colourWanted, NARROWEST, type TerminalOptions } from './terminal-style.js';
export { normalQuantile } from './normal-quantile.js';
export { formatBytes, formatExact, formatZ } from './numbers.js';
export { plainJson, withEscapes } from './export/plain-json.js';
export { LONGEST_PROSE, visibleText } from './visible-text.js';
export { renderTerminal } from './render-terminal.js';
export { trainingCode } from './training-codes.js';
export { sentenceWriter, type ToldSentence } from './result-sentence.js';
export { renderPair, type PairOptions } from './render-pair.js';
export { renderJson } from './render-json.js';
export { LARGEST_HTML, renderHtml } from './render-html.js';
export { renderSitePage, siteAssets, type SitePageOptions, type SiteView } from './render-site-page.js';
export { renderRunsPage, type ListedRun } from './render-runs-page.js';
export { renderRunningPage } from './render-running-page.js';
export type { SiteShell } from './html/site-shell.js';
export type { OutcomeChanges } from './html/outcomes-section.js';
export type { ReleaseChanges, VerdictChange } from './html/changes-section.js';
export { renderTrajectory } from './render-trajectory.js';
export { exportResult, type ExportOptions } from './export/export-result.js';
export { resultDigest } from './export/component-rows.js';
export { bundleFile, bundleManifest, manifestContradictions, type BundleParts } from './bundle-manifest.js';
export { diffResults, type InputChange, type ResultDiff, type VerdictMove } from './result-diff.js';
export { tellPhrase } from './words/result-words.js';
