import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { POSITIVE_VERDICTS, type ResultDocument } from '@jokbo/contracts';
import { LANGUAGES, renderHtml } from '@jokbo/report';
import { startChromium } from '../browser/start-chromium.js';
import { takeScreenshots, type Shot } from './take-screenshots.js';

/**
 * Screenshots of every page of a report, in both languages, wide and narrow, light and dark:
 * `npm run screenshots -- <result.json> <folder> [name …]`. Names choose among them: those that contain one of them are taken.
 */
const [, , result, folder, ...names] = process.argv;
if (result === undefined || folder === undefined)
  throw new Error('usage: npm run screenshots -- <result.json> <folder> [name …]');

const document = JSON.parse(await readFile(result, 'utf8')) as ResultDocument;
const linked = document.pairs.findIndex(({ verdict }) => POSITIVE_VERDICTS.includes(verdict.verdict));
const pair = Math.max(0, linked);
/** Of its maps the one with the clearest diagonal shows most. */
const maps = (document.pairs[pair]?.maps ?? []).map(({ diagonal_z: z }) => Math.abs(z ?? 0));
const map = Math.max(0, maps.indexOf(Math.max(...maps)));
const ALL: readonly { readonly name: string; readonly anchor: string; readonly wait?: string }[] = [
  { name: 'leaderboard', anchor: '' },
  { name: 'criteria', anchor: 'criteria' },
  { name: 'release', anchor: 'release-0' },
  { name: 'pair', anchor: `pair-${pair}`, wait: `#pair-${pair} table.evidence` },
  { name: 'evidence', anchor: `evidence-${pair}-0`, wait: `#pair-${pair} table.evidence` },
  { name: 'map', anchor: `map-${pair}-${map}`, wait: `#map-${pair}-${map} canvas` },
  { name: 'training', anchor: 'training' },
  { name: 'inputs', anchor: 'inputs' },
  { name: 'calibration', anchor: 'calibration' },
  { name: 'method', anchor: 'method' },
];
/** A result without criteria or training records has no such part. */
const absent = new Set([
  ...(document.evaluations === undefined ? ['criteria'] : []),
  ...(document.training === undefined ? ['training'] : []),
]);
const PAGES = ALL.filter(({ name }) => !absent.has(name));
const shots: Shot[] = PAGES.flatMap(({ name, anchor, wait = 'main' }) =>
  LANGUAGES.flatMap((language) =>
    [1440, 390].flatMap((width) =>
      (['light', 'dark'] as const).map((colorScheme) => ({
        name: `${name}-${language}-${width}-${colorScheme}`,
        hash: `#${anchor}?lang=${language}`,
        wait,
        width,
        colorScheme,
      })),
    ),
  ),
).filter(({ name }) => names.length === 0 || names.some((wanted) => name.includes(wanted)));

const browser = await startChromium();
if (typeof browser === 'string') throw new Error(browser);
const temporary = await mkdtemp(join(tmpdir(), 'jokbo-screenshots-'));
try {
  const file = join(temporary, 'report.html');
  await writeFile(file, renderHtml(document));
  await mkdir(folder, { recursive: true });
  await takeScreenshots(browser, pathToFileURL(file).href, shots, folder);
} finally {
  await browser.close();
  await rm(temporary, { recursive: true });
}
