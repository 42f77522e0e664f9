import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SILENT, type ResultDocument } from '@jokbo/contracts';
import { createTaskRunner, type PartStore } from '@jokbo/fingerprint';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createComparer } from './comparer.js';
import { runAudit } from './run-audit.js';

/** Of every matrix of a small model a part is kept. */
const PROGRAMME = `
version: 1
name: Two bases
language: en
storage: { zoo: ${JSON.stringify(fileURLToPath(new URL('../../../test/zoo', import.meta.url)))} }
subjects:
  - { id: s0, team: A, release: Seed 0, source: "zoo:refs/llama-mini-s0" }
references:
  - { id: s1, name: Seed 1, source: "zoo:refs/llama-mini-s1" }
  - { id: s2, name: Seed 2, source: "zoo:refs/llama-mini-s2" }
controls: { negative: [s1, s2] }
budget: { features: 900 }
rules: { id: jokbo-1-tier1, require_tier3: false }
`;

const runner = createTaskRunner({ threads: 1 });
let backend: Awaited<ReturnType<typeof createWasmBackend>>;
let folder: string;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
  folder = await mkdtemp(join(tmpdir(), 'jokbo audit '));
});
afterAll(async () => {
  await backend.close();
  await runner.close();
  await rm(folder, { recursive: true });
});

async function audit(name: string, text: string): Promise<ResultDocument> {
  const path = join(folder, name);
  await writeFile(path, text);
  const stored = new Map<string, Uint8Array>();
  const parts: PartStore = {
    get: (key) => Promise.resolve(stored.get(key) ?? null),
    put: (key, value) => {
      stored.set(key, value instanceof Uint8Array ? value : new Uint8Array(Buffer.concat(value)));
      return Promise.resolve();
    },
  };
  const comparer = createComparer(parts, backend);
  const workspace = { parts, runner, backend, comparer, close: () => Promise.resolve() };
  const programme = pathToFileURL(path).href;
  return (await runAudit({ programme, workspace, progress: SILENT })).document;
}

describe('runAudit', () => {
  it('holds a pair that is measured over all elements to controls that are too, and the other to sampled ones', async () => {
    const sampled = await audit('sampled.yaml', PROGRAMME);
    const mixed = await audit('mixed.yaml', `${PROGRAMME}full:\n  - { subject: s0, reference: s1 }\n`);
    const [whole, other] = mixed.pairs;
    expect([whole?.mode, other?.mode]).toEqual(['full', 'sampled']);
    expect(other).toEqual(sampled.pairs[1]);
    const { controls = [], components = [] } = whole?.verdict ?? {};
    expect(components.map(({ verdict }) => verdict)).not.toContain('invalid');
    for (const control of controls) expect(control.passed, JSON.stringify(control)).toBe(true);
    const zOf = (document: ResultDocument, kind: string) =>
      document.pairs[0]?.verdict.controls.find(
        (control) => control.kind === kind && control.component === 'attention' && control.method === 'trace',
      )?.z;
    for (const kind of ['negative', 'positive', 'identity']) {
      expect(zOf(mixed, kind), kind).not.toBe(zOf(sampled, kind));
    }
  });
});
