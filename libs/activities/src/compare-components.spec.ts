import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson, SILENT } from '@jokbo/contracts';
import { createTaskRunner, type Fingerprint } from '@jokbo/fingerprint';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareComponents, isSplit } from './compare-components.js';
import { createThreadedComparer } from './comparer.js';
import { loadJson } from './evidence-store.js';
import { fingerprintSource, openSource } from './load-model.js';
import { openParts } from './local-workspace.js';

const zoo = (path: string): string => new URL(`../../../test/zoo/${path}`, import.meta.url).href;

let work: string;
let parts: ReturnType<typeof openParts>;
const runner = createTaskRunner({ threads: 1 });

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'jokbo components '));
  parts = openParts(work, () => undefined);
});
afterAll(async () => {
  await runner.close();
  await parts.close();
  await rm(work, { recursive: true, force: true });
});

async function stored(path: string): Promise<Fingerprint> {
  const source = await openSource(zoo(path));
  try {
    return await fingerprintSource(source, { runner, parts, progress: SILENT, features: 900 });
  } finally {
    await source.store.close();
  }
}

it('components on threads give the evidence of the whole comparison', async () => {
  const [subject, reference] = [await stored('teams/a/open-mini'), await stored('refs/llama-mini-s1')];
  const comparer = createThreadedComparer(work, 2);
  try {
    const pair = { kind: 'audit', subject: subject.id, reference: reference.id } as const;
    const joined = await compareComponents(comparer, parts, pair, subject.document);
    const { evidence } = await comparer.compare(pair);
    expect(joined.records.length).toBeGreaterThan(10);
    expect(canonicalJson(joined)).toBe(canonicalJson(await loadJson(parts, evidence)));
  } finally {
    await comparer.close();
  }
});

it('only comparisons of large models are split, and of those what is measured by component', async () => {
  const { document } = await stored('teams/a/open-mini');
  expect(isSplit('audit', document)).toBe(false);
  const tensors = document.tensors.map((tensor) => ({
    ...tensor,
    sample: tensor.sample === null ? null : { ...tensor.sample, features: 1_000_000 },
  }));
  expect(isSplit('audit', { ...document, tensors })).toBe(true);
  expect(isSplit('disguise', { ...document, tensors })).toBe(false);
});
