import type { EvidenceRecord, Method } from '@jokbo/contracts';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pruneWidths, shuffleBlocks, shuffleHeads, withNoise } from './copies.js';
import { permuteResidual, rotateResidual } from './disguises.js';
import { syntheticModel, TINY, type Weight } from './synthetic-model.js';
import { zooWeights, type ZooWeights } from './zoo-weights.js';
import { compareModels } from '../src/compare-models.js';
import {
  ALIGNED_R,
  ALIGNED_Z,
  calibrateDisguise,
  disguiseEvidence,
  type ControlPair,
  type DisguiseCalibration,
} from '../src/disguise/index.js';

/** Lineages of the zoo without a common one; the llamas share data and tokenizer, the last is narrower. */
const INDEPENDENT = [
  'refs/glm-air-mini',
  'refs/phi-moe-mini',
  'refs/mixtral-mini',
  'refs/llama-mini-s0',
  'refs/llama-mini-s1',
  'refs/llama-mini-s2',
  'teams/b/think-vl-mini',
  'teams/d/axk-mini',
  'teams/c/exa-mini',
];

let backend: Awaited<ReturnType<typeof createWasmBackend>>;
const models = new Map<string, ZooWeights>();
const controls: (ControlPair & { readonly pair: readonly [string, string] })[] = [];

beforeAll(async () => {
  backend = await createWasmBackend({ threads: 2 });
  for (const path of [...INDEPENDENT, 'teams/e/vae-mini']) models.set(path, await zooWeights(path));
  for (const [at, subject] of INDEPENDENT.entries()) {
    for (const reference of INDEPENDENT.slice(at + 1)) {
      const pair = { subject: zoo(subject).data, reference: zoo(reference).data, backend };
      const { records } = await disguiseEvidence(pair);
      const { records: tier1 } = await compareModels(pair.subject, pair.reference, backend, {
        components: ['attention', 'mlp'],
        primariesOnly: true,
        identityOnly: true,
      });
      const alike = [subject, reference].every((path) => path.includes('llama'));
      const named = { name: `${subject} × ${reference}`, pair: [subject, reference] as const, alike };
      controls.push({ ...named, records, tier1 });
    }
  }
}, 300_000);
afterAll(() => backend.close());

function zoo(path: string): ZooWeights {
  const model = models.get(path);
  if (model === undefined) throw new Error(`no ${path}`);
  return model;
}

/** Calibrated tier 3 of a changed copy of a model against it, by pairs without it. */
async function held(path: string, change: (weights: readonly Weight[]) => Weight[]) {
  const { data, weights, tokens } = zoo(path);
  const { heads, kvHeads } = data.architecture;
  const shape = { ...TINY, heads: heads ?? 0, kvHeads: kvHeads ?? 0 };
  const subject = syntheticModel(`copy of ${path}`, change(weights), { tokens, shape });
  const { records, maps } = await disguiseEvidence({ subject, reference: data, backend });
  const others = controls.filter(({ pair }) => !pair.includes(path));
  return { ...calibrateDisguise(records, others), maps };
}

function counting({ statistics }: DisguiseCalibration): string[] {
  return statistics
    .filter(({ counts, role }) => counts && role === 'aligned')
    .map(({ record }) => `${record.component} ${record.method}`);
}

describe('independent models, same data and same tokenizer among them', () => {
  it('never count, each held against the pairs without its models', () => {
    for (const { pair, records } of controls) {
      const others = controls.filter((other) => !other.pair.some((model) => pair.includes(model)));
      const { statistics, dropped } = calibrateDisguise(records, others);
      expect(dropped).toEqual([]);
      expect(counting({ statistics, dropped }), pair.join(' × ')).toEqual([]);
      for (const { role, z, record } of statistics) {
        if (role === 'aligned' && z !== null) expect(Math.abs(z), record.method).toBeLessThan(ALIGNED_Z);
        if (role === 'aligned') expect(record.r).toBeLessThan(ALIGNED_R);
      }
    }
  });

  it('stay below their controls in every family once pairs of the same data are among them', () => {
    for (const { name, records } of controls.filter(({ alike }) => alike)) {
      const { statistics } = calibrateDisguise(
        records,
        controls.filter((other) => other.name !== name),
      );
      for (const { record, z } of statistics) {
        expect(Math.abs(z ?? NaN), `${name} ${record.method}`).toBeLessThan(ALIGNED_Z);
      }
      const apart = calibrateDisguise(
        records,
        controls.filter((other) => !other.alike),
      );
      expect(apart.statistics.find(({ record }) => record.method === 'awm')?.z).toBeGreaterThan(ALIGNED_Z);
      expect(apart.statistics.filter(({ counts }) => counts)).toEqual([]);
    }
  });

  it('would be accused by the published thresholds of AWM and HuRef', () => {
    const best = (method: Method): EvidenceRecord | undefined =>
      controls
        .flatMap(({ records }) => records.filter((record) => record.method === method && record.r !== null))
        .sort((a, b) => (b.r ?? 0) - (a.r ?? 0))[0];
    // AWM: Z = (score − .00375)/.0028 of its 90 negative pairs; HuRef: ICS of fine-tunes is about 80.
    expect(((best('awm')?.r ?? 0) - 0.00375) / 0.0028).toBeGreaterThan(100);
    expect(best('huref')?.r).toBeGreaterThan(0.4);
  });
});

const COPIES = [
  ['a copy', 0],
  ['a copy with noise (r .9)', 0.48],
] as const;

describe.each(COPIES)('%s of a trained model', (_, noise) => {
  it('with a permuted residual stream and signs is found by recipe a', async () => {
    const found = await held('refs/llama-mini-s0', (w) => permuteResidual(withNoise(w, noise), true, 128));
    expect(counting(found)).toEqual(
      expect.arrayContaining(['attention residual_permutation', 'mlp residual_permutation']),
    );
    expect(found.maps[0]?.name).toBe('permutation with signs');
  });

  it('with a rotated one is found by recipe b', async () => {
    const found = await held('refs/llama-mini-s0', (w) => rotateResidual(withNoise(w, noise), 128));
    expect(counting(found)).toEqual(
      expect.arrayContaining(['attention residual_rotation', 'mlp residual_rotation', 'mlp rotated_hidden']),
    );
  });

  it('with hidden units, experts, heads and the residual stream turned is found by recipe e and by heads', async () => {
    const found = await held('refs/glm-air-mini', (w) =>
      shuffleHeads(shuffleBlocks(rotateResidual(withNoise(w, noise), 128)), 12, 2),
    );
    expect(counting(found)).toEqual(
      expect.arrayContaining([
        'attention head_matching',
        'mlp token_matching',
        'mlp token_fixed_points',
        'experts token_matching',
        'experts token_fixed_points',
      ]),
    );
    expect(counting(found)).not.toContain('mlp rotated_hidden');
  });

  it('with pruned widths is found by recipe c', async () => {
    const found = await held('refs/llama-mini-s0', (w) => pruneWidths(withNoise(w, noise), 96, 0.75));
    expect(counting(found)).toEqual(
      expect.arrayContaining([
        'attention residual_permutation',
        'mlp hidden_matching',
        'mlp token_matching',
        'mlp token_fixed_points',
      ]),
    );
    expect(found.maps[0]?.name).toBe('width pruning');
  });
});

describe('the permuted release', () => {
  it('is found with the order of hidden units, experts and heads', async () => {
    const pair = { subject: zoo('teams/e/vae-mini').data, reference: zoo('refs/glm-air-mini').data, backend };
    const { records, maps } = await disguiseEvidence(pair);
    const others = controls.filter((control) => !control.pair.includes('refs/glm-air-mini'));
    expect(counting(calibrateDisguise(records, others))).toEqual(
      expect.arrayContaining(['attention head_matching', 'mlp token_matching', 'experts token_matching']),
    );
    expect(maps.map(({ kind, name }) => `${kind}: ${name}`)).toEqual(
      expect.arrayContaining([
        'hidden_units: hidden units permuted',
        'hidden_units: hidden units permuted, experts permuted',
        'heads: heads permuted',
      ]),
    );
  });
});
