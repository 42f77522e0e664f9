import type {
  BlockRecord,
  ComponentVerdict,
  EvidenceRecord,
  PairResult,
  ResultDocument,
} from '@jokbo/contracts';
import type { Page } from 'playwright-core';
import { rowsOf, textsOf, type Differences } from './differences.js';

/** Statistics that share the calibration of another. */
const CALIBRATED_AS: Readonly<Record<string, string>> = {
  balanced_trace: 'trace',
  hidden_trace: 'trace',
  residual_gram: 'gram',
  hidden_gram: 'hidden',
  value_gram: 'value',
};

/** λ that divides z in a component: the square of z/z_λ. */
function dividingLambda({ statistic, z, z_calibrated: calibrated }: ComponentVerdict): number | null {
  const isKnown = statistic === 'trace' || (statistic !== null && statistic in CALIBRATED_AS);
  return isKnown && z !== null && calibrated !== null && calibrated !== 0 ? (z / calibrated) ** 2 : null;
}

/** λ measured at the width of the stream that a record's component has, else at any. */
function lambdaOf(document: ResultDocument, pair: PairResult, record: EvidenceRecord): number | null {
  const trace = pair.evidence.find((one) => one.component === record.component && one.method === 'trace');
  const isTower = record.component === 'vision' || record.component === 'audio';
  const text = document.models.find(({ id }) => id === pair.subject)?.hidden_size ?? null;
  const width = trace?.units ?? (isTower ? null : text);
  const kind = CALIBRATED_AS[record.method] ?? record.method;
  const known = document.calibration.filter((item) => item.statistic === kind);
  const found =
    known.find((item) => item.width !== null && item.width === width) ??
    known.find((item) => item.width === null);
  return found?.lambda ?? null;
}

/** Rows of a pair page by their ids. */
export interface PairRows {
  readonly evidence: ReadonlyMap<string, readonly string[]>;
  readonly controls: ReadonlyMap<string, readonly string[]>;
}

/** The rows of all pairs that a page shows. */
export async function pairRows(page: Page): Promise<PairRows> {
  return {
    evidence: await rowsOf(page, 'tr[id^="evidence-"]'),
    controls: await rowsOf(page, 'tr[id^="control-"]'),
  };
}

/** Compares all figures of a pair but its maps. `index` is its place on the page. */
export async function checkPair(
  page: Page,
  document: ResultDocument,
  pair: PairResult,
  index: number,
  rows: PairRows,
  differences: Differences,
): Promise<void> {
  const { subject, reference, verdict } = pair;
  const components = await rowsOf(page, `table[data-table="components-${index}"] tbody tr`);
  for (const [position, item] of verdict.components.entries()) {
    const where = `${subject} ${reference} ${item.component}`;
    const cells = components.get(String(position)) ?? [];
    const figures = [item.z, item.z_calibrated, item.log10_p, item.log10_p_adjusted, item.r];
    figures.forEach((figure, at) => differences.check(`${where} ${at}`, cells[3 + at], figure));
    differences.interval(where, cells[8], item.r_interval);
    const sizes = [item.r_min, item.r_required, item.n_eff, dividingLambda(item)];
    sizes.forEach((figure, at) => differences.check(`${where} r_min ${at}`, cells[9 + at], figure));
    const counts = [item.tensors, item.parameters, item.parameters_linked];
    counts.forEach((figure, at) => differences.check(`${where} size ${at}`, cells[13 + at], figure));
    differences.check(`${where} bytes`, cells[16], item.bytes_identical, true);
  }
  for (const [position, record] of pair.evidence.entries()) {
    const anchor = `evidence-${index}-${position}`;
    const cells = rows.evidence.get(anchor) ?? [];
    if (cells[1]?.includes(record.id) !== true)
      differences.found.push(`${record.id}: ${cells[1] ?? 'nothing'} for its id`);
    if (record.tier === 3) checkDisguise(record, cells, differences);
    else checkRecord(record, lambdaOf(document, pair, record), cells, differences);
    const blocks = await blocksOf(page, anchor, record);
    for (const [block, shown] of blocks) {
      differences.check(`${record.id} ${block.key} z`, shown[2], block.z);
      differences.check(`${record.id} ${block.key} r`, shown[3], block.r);
      differences.check(`${record.id} ${block.key} parameters`, shown[4], block.parameters);
    }
  }
  for (const [position, control] of verdict.controls.entries()) {
    const cells = rows.controls.get(`control-${index}-${position}`) ?? [];
    differences.check(`${control.id} z`, cells[5], control.z);
    differences.check(`${control.id} r`, cells[6], control.r);
  }
  await checkContext(page, pair, index, differences);
  const mode = (await textsOf(page, `#pair-${index} p`))[0] ?? '';
  const shares = [...mode.matchAll(/[<>]?[\d.]+ %|not measured/g)].map(([share]) => share);
  differences.check(`${subject} ${reference} comparable`, shares[0], verdict.comparable_share);
  const linked = verdict.comparable_share === 0 ? null : verdict.linked_share;
  differences.check(`${subject} ${reference} linked`, shares[1], linked);
}

function checkRecord(
  record: EvidenceRecord,
  lambda: number | null,
  cells: readonly string[],
  differences: Differences,
): void {
  differences.check(`${record.id} z`, cells[4], record.z);
  differences.check(`${record.id} p`, cells[6], record.log10_p);
  differences.check(`${record.id} r`, cells[7], record.r);
  differences.interval(record.id, cells[8], record.r_interval);
  differences.check(`${record.id} r_min`, cells[9], record.r_min);
  differences.check(`${record.id} n_eff`, cells[10], record.n_eff);
  differences.check(`${record.id} λ`, cells[11], lambda);
  differences.check(`${record.id} ceiling`, cells[13], record.ceiling);
  differences.check(`${record.id} tensors`, cells[14], record.tensors);
  differences.check(`${record.id} parameters`, cells[15], record.parameters);
  differences.same(`${record.id} layers`, cells[16], `${record.layer_map} (${record.maps_tried})`);
  differences.check(`${record.id} blocks`, cells[17], record.blocks.length);
  const sizes = record.blocks.flatMap(({ z }) => (z === null ? [] : [Math.abs(z)]));
  differences.check(`${record.id} strongest`, cells[18], sizes.length === 0 ? null : Math.max(...sizes));
  const scrambles = (cells[19] ?? '').split(' ').filter((text) => text !== '');
  record.scrambles.forEach((z, at) => differences.check(`${record.id} scramble ${at}`, scrambles[at], z));
  differences.named(record.id, cells[20], record.details);
}

function checkDisguise(record: EvidenceRecord, cells: readonly string[], differences: Differences): void {
  differences.check(`${record.id} z`, cells[3], record.z);
  const names = ['control_mean', 'control_deviation', 'control_pairs', 'control_pairs_alike', 'z_adjusted'];
  for (const [at, name] of names.entries()) {
    const value = record.details[name];
    differences.check(`${record.id} ${name}`, cells[4 + at], typeof value === 'number' ? value : null);
  }
  differences.check(`${record.id} r`, cells[10], record.r);
}

/** Blocks of a record that a page lists, with the cells of each. */
async function blocksOf(
  page: Page,
  anchor: string,
  record: EvidenceRecord,
): Promise<[BlockRecord, string[]][]> {
  if (record.blocks.length === 0) return [];
  const rows = await rowsOf(page, `#${anchor} details tbody tr`);
  return [...rows.values()].map((cells) => {
    const block = record.blocks.find(
      ({ key, reference_key }) => key === cells[0] && reference_key === cells[1],
    );
    if (block === undefined) throw new Error(`${record.id} has no block ${cells[0] ?? ''}`);
    return [block, cells];
  });
}

/** Details of the norm context by what they are called. */
const CONTEXT: Readonly<Record<string, string>> = {
  'raw norm cosine': 'cosine',
  'lowest of one norm': 'cosine_min',
  'highest of one norm': 'cosine_max',
  'norm Pearson correlation': 'pearson',
  'strongest of one norm': 'pearson_max_abs',
  'third model': 'model',
  'third models measured': 'models',
};

async function checkContext(
  page: Page,
  pair: PairResult,
  index: number,
  differences: Differences,
): Promise<void> {
  const records = pair.evidence.filter(({ method }) => method === 'norm_context');
  for (const [position, { id, details }] of records.entries()) {
    const rows = await rowsOf(page, `table[data-table="context-${index}-${position}"] tbody tr`);
    const shown = new Map(
      [...rows.values()].map(([label = '', ...cells]) => [CONTEXT[label] ?? label, cells]),
    );
    for (const [name, value] of Object.entries(details)) {
      if (typeof value === 'string') continue;
      const [own, baseline] = shown.get(name.replace(/^baseline_/, '')) ?? [];
      differences.check(`${id} ${name}`, name.startsWith('baseline_') ? baseline : own, value);
    }
  }
}

/** Compares every cell of the maps of a pair, and their diagonals. */
export async function checkMaps(
  page: Page,
  pair: PairResult,
  index: number,
  differences: Differences,
): Promise<void> {
  for (const [position, map] of pair.maps.entries()) {
    const anchor = `#map-${index}-${position}`;
    const selector = `${anchor} tbody tr`;
    await page.locator(selector).first().waitFor({ state: 'attached' });
    const cells = [...(await rowsOf(page, selector)).values()].flatMap((row) => row.slice(1));
    differences.check(`map ${index} ${position} cells`, String(cells.length), map.r.length);
    map.r.forEach((r, cell) => differences.check(`map ${index} ${position} ${cell}`, cells[cell], r));
    const [caption = ''] = await textsOf(page, `${anchor} figcaption`);
    const [, z, p] = /: z (not measured|\S+), log10 p (not measured|\S+?)\.?$/.exec(caption) ?? [];
    differences.check(`map ${index} ${position} diagonal z`, z, map.diagonal_z);
    differences.check(`map ${index} ${position} diagonal p`, p, map.diagonal_log10_p);
  }
}
