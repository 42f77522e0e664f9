import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { canonicalJson, SILENT, UsageError, type Progress, type ResultDocument } from '@jokbo/contracts';
import { createTaskRunner, type PartStore } from '@jokbo/fingerprint';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createComparer } from './comparer.js';
import { runAudit } from './run-audit.js';

const ZOO = fileURLToPath(new URL('../../../test/zoo/', import.meta.url));

const PROGRAMME = `version: 1
name: Growing
subjects:
  - { id: s0, team: A, release: Seed 0, source: models/llama-mini-s0 }
references:
  - { id: s1, name: Seed 1, source: models/llama-mini-s1 }
  - { id: s2, name: Seed 2, source: models/llama-mini-s2 }
controls: { negative: [s1, s2] }
rules: { id: jokbo-1-tier1, require_tier3: false }
`;
const GROWN = PROGRAMME.replace(
  'controls:',
  '  - { id: mixtral, name: Mixtral, source: models/mixtral-mini }\ncontrols:',
).replace('[s1, s2]', '[s1, s2, mixtral]');

/** Parts in memory, which tell what was written since they were last asked. */
function memoryParts() {
  const stored = new Map<string, Uint8Array>();
  const parts: PartStore = {
    get: (key) => Promise.resolve(stored.get(key) ?? null),
    put: (key, value) => {
      stored.set(key, value instanceof Uint8Array ? value : new Uint8Array(Buffer.concat(value)));
      return Promise.resolve();
    },
  };
  return { parts, stored };
}

const runner = createTaskRunner({ threads: 1 });
let backend: Awaited<ReturnType<typeof createWasmBackend>>;
let folder: string;
let file: string;
const { parts } = memoryParts();
let before: ResultDocument;

/** Audits what the file says now; tells what was read and how many comparisons there were. */
async function audit(into: PartStore, added?: readonly string[]) {
  const counts = { read: 0, compared: 0, models: 0 };
  const progress: Progress = {
    ...SILENT,
    advance: (stage, items, read = 0) => {
      counts.read += read;
      if (stage === 'inventory') counts.models += items;
    },
  };
  const measured = createComparer(
    { get: (key) => into.get(key), put: (key, value) => ((counts.compared += 1), into.put(key, value)) },
    backend,
  );
  const workspace = { parts: into, runner, backend, comparer: measured, close: () => Promise.resolve() };
  const programme = pathToFileURL(file).href;
  return { ...(await runAudit({ programme, workspace, progress, added })), counts };
}

beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
  folder = await mkdtemp(join(tmpdir(), 'jokbo-added-'));
  file = join(folder, 'programme.yaml');
  for (const model of ['llama-mini-s0', 'llama-mini-s1', 'llama-mini-s2']) {
    await cp(join(ZOO, 'refs', model), join(folder, 'models', model), { recursive: true });
  }
  await writeFile(file, PROGRAMME);
  before = (await audit(parts)).document;
});
afterAll(async () => {
  await backend.close();
  await runner.close();
  await rm(folder, { recursive: true });
});

describe('a reference added to a finished audit', () => {
  it('is read alone, with the other models gone, and the result is that of a whole audit', async () => {
    await writeFile(file, GROWN);
    await cp(join(ZOO, 'refs/mixtral-mini'), join(folder, 'models/mixtral-mini'), { recursive: true });
    for (const model of ['llama-mini-s0', 'llama-mini-s1', 'llama-mini-s2']) {
      await rm(join(folder, 'models', model), { recursive: true });
    }
    const added = await audit(parts, ['mixtral']);
    expect(added.counts.models).toBe(4);
    const [own, ...others] = added.document.pairs.map(({ maps }) => maps);
    expect([own, others[0]]).toEqual(before.pairs.map(({ maps }) => maps));

    for (const model of ['llama-mini-s0', 'llama-mini-s1', 'llama-mini-s2']) {
      await cp(join(ZOO, 'refs', model), join(folder, 'models', model), { recursive: true });
    }
    const whole = await audit(memoryParts().parts);
    expect(canonicalJson(added.document)).toBe(canonicalJson(whole.document));
    const mixtral = whole.document.models.find(({ id }) => id === 'mixtral');
    expect(added.counts.read).toBeGreaterThan(0);
    expect(added.counts.read).toBeLessThanOrEqual(mixtral?.bytes ?? 0);
    expect(whole.counts.read).toBeGreaterThan(2 * added.counts.read);
    expect(added.counts.compared).toBeLessThan(whole.counts.compared);
    // Twice gives the same bytes.
    expect((await audit(parts, ['mixtral'])).digest).toBe(added.digest);
  });

  it('is refused where it is none, and where another model is new, elsewhere or sampled otherwise', async () => {
    const refused = async (text: string, added: readonly string[], why: RegExp) => {
      await writeFile(file, text);
      const asked = audit(parts, added);
      await expect(asked).rejects.toThrow(UsageError);
      await expect(asked).rejects.toThrow(why);
    };
    await refused(GROWN, ['mixtrl'], /must stand among the references.*mixtrl/);
    await refused(GROWN, ['s0'], /must stand among the references.*s0/);
    const twice = GROWN.replace('controls:', '  - { id: more, name: More, source: models/more }\ncontrols:');
    await refused(twice, ['mixtral'], /no such model.*more/);
    await refused(GROWN.replace('models/llama-mini-s1', 'models/other'), ['mixtral'], /no such model.*s1/);
    await refused(`${GROWN}budget: { features: 900 }\n`, ['mixtral'], /no such model.*s0/);
    await refused(GROWN.replace('Growing', 'Another'), ['mixtral'], /was not audited/);
  });
});
