import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createComparer, openParts } from '@jokbo/activities';
import { createTaskRunner } from '@jokbo/fingerprint';
import { createWasmBackend } from '@jokbo/kernels';
import { POWER_CASES, powerDocument, REFERENCES, runCases, type CaseResult } from '@jokbo/tools';
import { beforeAll, describe, expect, it } from 'vitest';
import { ZOO } from './zoo-models.js';

/** A few cases of every sort; `npm run power` runs all of them. */
const CHOSEN = [
  'noise-r-0.5-llama-mini-s0',
  'noise-r-0.01-llama-mini-s0',
  'hidden-permutation-dense-llama-mini-s0',
  'residual-permutation-dense-llama-mini-s0',
  'quantise-dequantise-nf4-llama-mini-s0',
  'fused-qkv-and-gate-up-llama-mini-s0',
  'partial-copy-role-v-llama-mini-s0',
  'same-mean-and-spread-of-every-tensor-of-a-sibling-llama-mini-s0',
];

/** The base, its sibling, and two that serve as controls: λ stays the default of an uncalibrated statistic. */
const COMPARED = ['llama-mini-s0', 'llama-mini-s1', 'mixtral-mini', 'phi-moe-mini'];

const references = REFERENCES.filter(({ id }) => COMPARED.includes(id));
let results: readonly CaseResult[];

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'jokbo power '));
  const backend = await createWasmBackend({ threads: 1 });
  const runner = createTaskRunner({ threads: 1 });
  const parts = openParts(join(folder, 'work'), () => undefined);
  const comparer = createComparer(parts, backend);
  const workspace = { parts, runner, backend, comparer, close: () => Promise.resolve() };
  try {
    results = await runCases({
      cases: POWER_CASES.filter(({ id }) => CHOSEN.includes(id)),
      references,
      zoo: ZOO,
      folder,
      workspace,
      note: () => undefined,
    });
  } finally {
    await backend.close();
    await runner.close();
    await parts.close();
    await rm(folder, { recursive: true });
  }
}, 600_000);

function resultOf(id: string): CaseResult {
  const result = results.find((other) => other.case.id === id);
  if (result === undefined) throw new Error(`no case ${id}`);
  return result;
}

const componentsOf = (id: string): Record<string, string> =>
  Object.fromEntries(resultOf(id).components.map(({ component, outcome }) => [component, outcome]));

describe('transformation suite', () => {
  it('has at least 25 kinds, each case with an id of its own', () => {
    expect(new Set(POWER_CASES.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(25);
    expect(new Set(POWER_CASES.map(({ id }) => id)).size).toBe(POWER_CASES.length);
    expect(results.map((result) => result.case.id).sort()).toEqual([...CHOSEN].sort());
  });

  it.each([
    ['noise-r-0.5-llama-mini-s0', 'derived'],
    ['hidden-permutation-dense-llama-mini-s0', 'derived'],
    ['residual-permutation-dense-llama-mini-s0', 'derived'],
    ['quantise-dequantise-nf4-llama-mini-s0', 'derived'],
    ['fused-qkv-and-gate-up-llama-mini-s0', 'identical'],
    ['partial-copy-role-v-llama-mini-s0', 'partially_derived'],
    ['same-mean-and-spread-of-every-tensor-of-a-sibling-llama-mini-s0', 'no_link_found'],
  ])('%s is %s', (id, verdict) => {
    expect(resultOf(id)).toMatchObject({ verdict, outcome: 'right', why: null });
  });

  it('says of noise below what can be found how much would be', () => {
    const { outcome, why, components } = resultOf('noise-r-0.01-llama-mini-s0');
    expect(outcome).toBe('missed');
    expect(why).not.toMatch(/unexplained/);
    for (const { component, elementR, rMin } of components) {
      expect(Math.abs(elementR ?? NaN), component).toBeLessThan(rMin ?? NaN);
    }
  });

  it('places a role that was taken over in its component alone', () => {
    expect(componentsOf('partial-copy-role-v-llama-mini-s0')).toEqual({
      embedding: 'clean',
      attention: 'found',
      mlp: 'clean',
      norms: 'clean',
    });
  });

  it('accuses no model of one that it shares nothing with', () => {
    const unrelated = results.flatMap((result) => result.unrelated);
    expect(unrelated.length).toBeGreaterThanOrEqual(CHOSEN.length * 2);
    expect(unrelated.filter(({ accused }) => accused.length > 0)).toEqual([]);
  });

  it('shows every case and every method in its document', () => {
    const document = powerDocument(results, references);
    for (const result of results) expect(document).toContain(`| ${result.case.parameters} `);
    for (const name of ['trace', 'balanced', 'gram', 'H', 'V']) expect(document).toContain(`| ${name} `);
    expect(document).toContain('too little power');
  });
});
