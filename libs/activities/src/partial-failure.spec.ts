import { cp, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { canonicalJson, ObjectChanged, SILENT, type ResultDocument } from '@jokbo/contracts';
import { createTaskRunner, type PartStore } from '@jokbo/fingerprint';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryParts } from '../specs/memory-parts.js';
import { createComparer, type Comparer } from './comparer.js';
import { decideAgain } from './decide-again.js';
import { evidenceKey } from './evidence-store.js';
import { validateResult } from './programme/validate-document.js';
import { runAudit } from './run-audit.js';

const ZOO = fileURLToPath(new URL('../../../test/zoo/', import.meta.url));

const PROGRAMME = `version: 1
name: Three bases
language: en
subjects:
  - { id: s0, team: A, release: Seed 0, source: models/s0 }
  - { id: other, team: B, release: Other, source: models/other }
references:
  - { id: s1, name: Seed 1, source: models/s1 }
  - { id: s2, name: Seed 2, source: models/s2 }
controls: { negative: [s1, s2] }
rules: { id: jokbo-1-tier1, require_tier3: false }
`;

const MODELS = {
  s0: 'refs/llama-mini-s0',
  other: 'refs/llama-mini-s0',
  s1: 'refs/llama-mini-s1',
  s2: 'refs/llama-mini-s2',
};

const parts = memoryParts();
const runner = createTaskRunner({ threads: 1 });
let backend: Awaited<ReturnType<typeof createWasmBackend>>;
let folder: string;
let whole: ResultDocument;

beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
  folder = await mkdtemp(join(tmpdir(), 'jokbo partial '));
  whole = await audit('whole');
});
afterAll(async () => {
  await backend.close();
  await runner.close();
  await rm(folder, { recursive: true });
});

/** A folder of its own with programme and models, some of which are cut. */
async function audit(
  name: string,
  cut: readonly string[] = [],
  comparer: Comparer = createComparer(parts, backend),
  text = PROGRAMME,
  notes: string[] = [],
  store: PartStore = parts,
): Promise<ResultDocument> {
  for (const [model, from] of Object.entries(MODELS)) {
    await cp(join(ZOO, from), join(folder, name, 'models', model), { recursive: true });
  }
  for (const model of cut) {
    const files = await readdir(join(folder, name, 'models', model));
    const last =
      files
        .filter((file) => file.endsWith('.safetensors'))
        .sort()
        .at(-1) ?? '';
    await truncate(join(folder, name, 'models', model, last), 100);
  }
  const path = join(folder, name, 'programme.yaml');
  await writeFile(path, text);
  const workspace = { parts: store, runner, backend, comparer, close: () => Promise.resolve() };
  const progress = { ...SILENT, note: (note: string) => void notes.push(note) };
  return (await runAudit({ programme: pathToFileURL(path).href, workspace, progress })).document;
}

/** A comparer that fails for good at the comparisons of one kind with one reference, by the order in which they come. */
function failing(kind: string, at: number): Comparer {
  const real = createComparer(parts, backend);
  let seen = 0;
  return {
    ...real,
    compare: (asked, signal) => {
      if (asked.kind === kind) seen += 1;
      return asked.kind === kind && seen === at
        ? Promise.reject(new ObjectChanged('the object is another', { object: 'file:///weights' }))
        : real.compare(asked, signal);
    },
  };
}

const outcomes = (document: ResultDocument): string[] =>
  document.pairs.map(({ subject, reference, verdict }) => `${subject}×${reference} ${verdict.verdict}`);

describe('an audit of which a part fails for good', () => {
  it('decides the others where a release cannot be read', async () => {
    const notes: string[] = [];
    const document = await audit('subject', ['other'], undefined, undefined, notes);
    expect(notes).toEqual([expect.stringMatching(/^failed: model other: MalformedCheckpoint: /)]);
    expect(document.failures).toEqual({
      models: [
        {
          id: 'other',
          name: 'Other',
          role: 'subject',
          team: 'B',
          code: 'MalformedCheckpoint',
          rule: expect.any(String) as string,
          object: expect.stringMatching(/^models\/other\/model\.safetensors$/) as string,
          tensor: null,
          message: expect.not.stringContaining(folder) as string,
        },
      ],
      comparisons: [],
    });
    expect(document.models.map(({ id }) => id)).toEqual(['s0', 's1', 's2']);
    expect(outcomes(document)).toEqual(outcomes(whole).filter((line) => line.startsWith('s0')));
    expect(document.leaderboard.map(({ subject, outcome }) => [subject, outcome])).toEqual([
      ['s0', 'no_link_found'],
      ['other', 'not_comparable'],
    ]);
  });

  it('is not clean against a reference that cannot be read, nor by a control that it was', async () => {
    const document = await audit('reference', ['s2']);
    const [first, failed] = document.pairs;
    expect(outcomes(document)).toEqual([
      's0×s1 invalid',
      's0×s2 not_comparable',
      'other×s1 invalid',
      'other×s2 not_comparable',
    ]);
    expect(failed?.verdict).toMatchObject({
      comparable_share: 0,
      reasons: [
        { code: 'reference-failed', text: expect.stringMatching(/: MalformedCheckpoint: /) as string },
      ],
    });
    for (const { verdict, reasons } of failed?.verdict.components ?? []) {
      expect([verdict, reasons[0]?.code]).toEqual(['not_comparable', 'reference-failed']);
    }
    expect(failed?.verdict.components.map(({ component }) => component)).toEqual(
      first?.verdict.components.map(({ component }) => component),
    );
    const control = first?.verdict.controls.find(({ kind }) => kind === 'negative');
    expect(control).toMatchObject({ model: 's1 × s2', passed: false, note: 'due, but not measured' });
  });

  it('leaves a release open that is clean against every reference but one that cannot be read', async () => {
    const text = PROGRAMME.replace('controls: { negative: [s1, s2] }', 'controls: { negative: [] }');
    const document = await audit('open', ['s2'], undefined, text);
    expect(outcomes(document)[0]).toBe('s0×s1 no_link_found');
    expect(document.leaderboard.map(({ outcome }) => outcome)).toEqual(['inconclusive', 'inconclusive']);
  });

  it('fails closed where a control cannot be measured', async () => {
    const document = await audit('control', [], failing('int8', 1));
    expect(document.failures?.comparisons).toMatchObject([
      { kind: 'int8', subject: 's0', reference: 's0', mode: 'sampled', code: 'ObjectChanged' },
    ]);
    expect(outcomes(document)).toEqual([
      's0×s1 invalid',
      's0×s2 invalid',
      ...outcomes(whole).filter((line) => line.startsWith('other')),
    ]);
  });

  it('says which comparison failed, and decides the others', async () => {
    const notes: string[] = [];
    const document = await audit('comparison', [], failing('audit', 2), undefined, notes);
    expect(notes).toEqual([
      'failed: comparison audit s0 × s2: ObjectChanged: the object is another (object file:///weights)',
    ]);
    expect(outcomes(document)).toEqual(
      outcomes(whole).map((line) => (line.startsWith('s0×s2') ? 's0×s2 not_comparable' : line)),
    );
    expect(document.pairs[1]?.verdict.reasons).toEqual([
      {
        code: 'comparison-failed',
        records: [],
        message: 'reason_comparison_failed',
        figures: { error: 'ObjectChanged', message: 'the object is another (object file:///weights)' },
        text: 'the comparison failed: ObjectChanged: the object is another (object file:///weights)',
      },
    ]);
    expect(document.pairs[0]?.verdict).toEqual(whole.pairs[0]?.verdict);
  });

  it('is decided again to the same bytes, and is whole once the model is', async () => {
    const document = await audit('again', ['s2']);
    const again = await decideAgain({ of: { result: document }, parts });
    expect(canonicalJson(again.document)).toBe(canonicalJson(document));
    expect(await audit('again')).toEqual(whole);
  });

  it('decides the other components of a pair over all elements of which one fails, and measures it later', async () => {
    const text = `${PROGRAMME}full:\n  - { subject: s0, reference: s1 }\n`;
    const expected = await audit('elements', [], undefined, text);
    const [own, other] = ['s0', 's1'].map((id) => expected.models.find((model) => model.id === id));
    const key = evidenceKey('audit', own?.fingerprint ?? '', other?.fingerprint ?? '', 'full', 'attention');
    const kept = memoryParts();
    let fails = true;
    const store: PartStore = {
      ...kept,
      get: (asked) =>
        asked === key && fails ? Promise.reject(new ObjectChanged('another version')) : kept.get(asked),
    };
    const run = () => audit('elements', [], createComparer(store, backend), text, [], store);
    const partial = await run();
    expect(partial.failures).toMatchObject({
      models: [],
      comparisons: [{ kind: 'audit', subject: 's0', reference: 's1', mode: 'full', component: 'attention' }],
    });
    const [pair] = partial.pairs;
    const [whole] = expected.pairs;
    expect([whole?.mode, whole?.verdict.verdict]).toEqual(['full', 'no_link_found']);
    expect([pair?.mode, pair?.verdict.verdict]).toEqual(['full', 'inconclusive']);
    expect(pair?.verdict.components.map(({ component, verdict }) => [component, verdict])).toEqual(
      whole?.verdict.components.map(({ component, verdict }) => [
        component,
        component === 'attention' ? 'not_comparable' : verdict,
      ]),
    );
    const others = whole?.evidence.filter(({ component }) => component !== 'attention');
    expect(pair?.evidence).toEqual(others);
    expect(partial.leaderboard[0]?.outcome).toBe('inconclusive');
    expect(() => validateResult(JSON.parse(canonicalJson(partial)))).not.toThrow();

    const again = await decideAgain({ of: { result: partial }, parts: store });
    expect(canonicalJson(again.document)).toBe(canonicalJson(partial));
    fails = false;
    expect(await run()).toEqual(expected);
  });

  it('ends where no reference is left', async () => {
    await expect(audit('nothing', ['s1', 's2'])).rejects.toThrow(/2 parts failed: model s1: .*; model s2: /);
  });
});
