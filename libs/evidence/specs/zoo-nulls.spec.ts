import { createWasmBackend } from '@jokbo/kernels';
import type { Component } from '@jokbo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attentionHeadsEvidence } from '../src/attention-heads.js';
import { byteIdentityEvidence } from '../src/byte-identity.js';
import type { Comparison } from '../src/comparison.js';
import { expertAxisEvidence } from '../src/expert-axis.js';
import { expertCells } from '../src/expert-maps.js';
import { hiddenTraceEvidence } from '../src/hidden-trace.js';
import { IDENTITY_MAP } from '../src/layer-map.js';
import { layerMaps } from '../src/layer-maps.js';
import { matchedUnitsEvidence } from '../src/matched-units.js';
import { matchedUnitsMaps } from '../src/matched-units-maps.js';
import { componentTensors } from '../src/paired-tensors.js';
import { rowIdentityEvidence } from '../src/row-identity.js';
import { shuffledExpertsEvidence } from '../src/shuffled-experts.js';
import { deviationOf, meanOf } from './gaussian.js';
import { independentPairs } from './zoo-pairs.js';

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
/** Everything that was measured over the 55 independent pairs of the zoo, 128 wide. */
const figures = new Map<string, number[]>();

function add(name: string, values: readonly (number | string | null | undefined)[]): void {
  const numbers = values.filter((value) => typeof value === 'number');
  figures.set(name, [...(figures.get(name) ?? []), ...numbers]);
}

const COMPONENTS: readonly Component[] = [
  'embedding',
  'attention',
  'mlp',
  'router',
  'experts',
  'norms',
  'head',
];

async function measure(comparison: Comparison): Promise<void> {
  const { component } = comparison;
  if (component !== 'norms') {
    const { details } = await rowIdentityEvidence(comparison, byteIdentityEvidence(comparison));
    add('identical rows', [details.rows_identical, details.rows_moved]);
  }
  if (component !== 'embedding' && component !== 'head') {
    for (const map of await layerMaps(comparison)) {
      add(`${map.statistic ?? ''} cell`, map.z);
      add(`${map.statistic ?? ''} diagonal`, [map.diagonal_z]);
      add('path log10 p', [map.alignment?.path_log10_p]);
      add('matched layers', [map.alignment?.best.filter((layer) => layer !== null).length]);
    }
  }
  if (component === 'attention') {
    const record = await attentionHeadsEvidence(comparison, { map: IDENTITY_MAP, matchHeads: true });
    const z = (part: RegExp) => record.blocks.filter(({ key }) => part.test(key)).map((block) => block.z);
    add('head', z(/head/));
    add('layer of heads', z(/\|attn\|/));
    add('gram of heads', z(/gram/));
    add('moved heads', [record.details.heads_moved]);
  }
  if (component === 'router') {
    const record = await expertAxisEvidence(comparison, IDENTITY_MAP);
    add(
      'expert axis',
      record.blocks.map(({ z }) => z),
    );
  }
  if (component === 'mlp' || component === 'experts') {
    add(
      'hidden trace',
      (await hiddenTraceEvidence(comparison)).blocks.map(({ z }) => z),
    );
    const units = await matchedUnitsEvidence(comparison, { map: IDENTITY_MAP });
    add(
      'matched units',
      units.blocks.map(({ z }) => z),
    );
    add('matched fixed points', [units.details.match_fixed]);
    add('matched fixed points expected', [units.details.match_fixed_expected]);
    add('up log10 p', [units.details.up_log10_p]);
    for (const map of await matchedUnitsMaps(comparison)) add('matched units, all pairs', map.z);
  }
  if (component === 'experts') {
    const cells = await expertCells(comparison, IDENTITY_MAP);
    add(
      'expert cell',
      cells.flatMap(({ z }) => z),
    );
    add(
      'matched experts',
      cells.map(({ best }) => best.filter((expert) => expert !== null).length),
    );
    const record = await shuffledExpertsEvidence(comparison, IDENTITY_MAP, cells);
    add('shuffled experts', [record.z]);
    add('shuffled experts, residual', [record.details.residual_z]);
    add('shuffled experts, procedure p', [record.details.procedure_p]);
  }
}

beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
  for (const { subject, reference } of await independentPairs()) {
    for (const component of COMPONENTS) {
      const both = [subject, reference].every((model) => componentTensors(model, component).length > 0);
      if (both) await measure({ component, subject, reference, backend });
    }
  }
}, 600_000);
afterAll(() => backend.close());

describe('55 independent pairs of equal width', () => {
  /** Least number of values, and bounds that hold for standard normal values of that number. */
  it.each([
    ['head', 2000, 0.06, 4.6],
    ['layer of heads', 150, 0.2, 4],
    ['gram of heads', 50, 0.3, 4.5],
    ['expert axis', 40, 0.35, 4],
    ['hidden trace', 1000, 0.1, 4.5],
    ['matched units', 400, 0.12, 4.2],
    ['matched units, all pairs', 200, 0.2, 4.2],
    ['trace cell', 5000, 0.06, 5],
    ['trace diagonal', 350, 0.15, 4.2],
    ['gram cell', 900, 0.15, 6],
    ['gram diagonal', 50, 0.35, 5],
    ['expert cell', 3000, 0.12, 7],
    ['shuffled experts', 15, 0.5, 4],
    ['shuffled experts, residual', 15, 0.5, 4],
  ] as const)('%s: z of mean 0 and deviation 1', (name, least, slack, largest) => {
    const z = figures.get(name) ?? [];
    expect(z.length).toBeGreaterThanOrEqual(least);
    expect(Math.abs(meanOf(z))).toBeLessThan(2 * slack);
    expect(deviationOf(z)).toBeGreaterThan(1 - slack);
    expect(deviationOf(z)).toBeLessThan(1 + slack);
    expect(Math.max(...z.map(Math.abs))).toBeLessThan(largest);
  });

  it('find no row, head, layer or expert of each other', () => {
    for (const name of ['identical rows', 'moved heads', 'matched layers', 'matched experts']) {
      expect(figures.get(name)?.length, name).toBeGreaterThan(10);
      expect(new Set(figures.get(name)), name).toEqual(new Set([0]));
    }
  });

  it('have fixed points as often as chance, and paths and matchings no better than on permuted data', () => {
    const total = (name: string): number => (figures.get(name) ?? []).reduce((sum, value) => sum + value, 0);
    const expected = total('matched fixed points expected');
    expect(expected).toBeGreaterThan(400);
    expect(Math.abs(total('matched fixed points') - expected)).toBeLessThan(4 * Math.sqrt(expected));
    expect(Math.min(...(figures.get('path log10 p') ?? []))).toBeGreaterThan(-2.8);
    expect(Math.min(...(figures.get('up log10 p') ?? []))).toBeGreaterThan(-4);
    expect(Math.min(...(figures.get('shuffled experts, procedure p') ?? []))).toBeGreaterThan(0.002);
  });
});
