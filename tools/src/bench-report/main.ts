import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { POSITIVE_VERDICTS, type ResultDocument } from '@jokbo/contracts';
import { renderHtml, renderJson } from '@jokbo/report';
import { withSection } from '../bench-queries/queries-section.js';
import { startChromium } from '../browser/start-chromium.js';
import { fleetDocument } from './fleet-document.js';
import { measureOpening, type Opening } from './measure-opening.js';
import { REPORT_HEADING, reportSection } from './report-section.js';

/** Opens the report of a fleet-sized result, and writes the section of docs/benchmarks.md. */
const PAGE = new URL('../../../docs/benchmarks.md', import.meta.url);
const ZOO = new URL('../../../test/fixtures/zoo-results.json.br', import.meta.url);
const OPENINGS = 9;

const [zoo] = JSON.parse(brotliDecompressSync(await readFile(ZOO)).toString('utf8')) as ResultDocument[];
if (zoo === undefined) throw new Error('no kept result');
const document = fleetDocument(zoo);
const started = performance.now();
const html = renderHtml(document);
const renderMs = performance.now() - started;
const folded = document.pairs.findIndex(
  ({ verdict, maps }) => maps.length > 0 && !POSITIVE_VERDICTS.includes(verdict.verdict),
);

const browser = await startChromium();
if (typeof browser === 'string') throw new Error(browser);
const folder = await mkdtemp(join(tmpdir(), 'jokbo-bench-report-'));
try {
  const file = join(folder, 'report.html');
  await writeFile(file, html);
  const [load = 0] = loadavg();
  const openings: Opening[] = [];
  for (let round = 0; round < OPENINGS; round += 1)
    openings.push(await measureOpening(browser, pathToFileURL(file).href, folded));
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Chromium ${browser.version()}, load average ${load.toFixed(1)} before the first opening`;
  const section = reportSection(machine, {
    pairs: document.pairs.length,
    records: document.pairs.reduce((sum, { evidence }) => sum + evidence.length, 0),
    cells: document.pairs.flatMap(({ maps }) => maps).reduce((sum, { r }) => sum + r.length, 0),
    jsonBytes: renderJson(document).length,
    htmlBytes: Buffer.byteLength(html),
    renderMs,
    openings,
  });
  await writeFile(PAGE, withSection(await readFile(PAGE, 'utf8'), REPORT_HEADING, section));
  process.stdout.write(section);
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}
