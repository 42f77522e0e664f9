import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { canonicalJson, SILENT, UsageError, type ResultDocument } from '@jokbo/contracts';
import { createTaskRunner, type PartStore } from '@jokbo/fingerprint';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createComparer } from './comparer.js';
import { decideAgain } from './decide-again.js';
import { sha256 } from './evidence-store.js';
import { builtInRules } from './programme/index.js';
import { readProgramme } from './read-programme.js';
import { runAudit } from './run-audit.js';

const ZOO = fileURLToPath(new URL('../../../test/zoo/', import.meta.url));

const PROGRAMME = `version: 1
name: Three bases
subjects:
  - { id: s0, team: A, release: Seed 0, source: models/s0 }
references:
  - { id: s1, name: Seed 1, source: models/s1 }
  - { id: s2, name: Seed 2, source: models/s2 }
controls: { negative: [s1, s2] }
rules: { id: jokbo-1-tier1, require_tier3: false }
`;

const STRICT = {
  ...builtInRules('round-1'),
  require_tier3: false,
  thresholds: { ...builtInRules('round-1').thresholds, clean_z: 0.01 },
};

const stored = new Map<string, Uint8Array>();
const parts: PartStore = {
  get: (key) => Promise.resolve(stored.get(key) ?? null),
  put: (key, value) => {
    stored.set(key, value instanceof Uint8Array ? value : new Uint8Array(Buffer.concat(value)));
    return Promise.resolve();
  },
};
const runner = createTaskRunner({ threads: 1 });
let folder: string;
let programme: string;
let audited: { document: ResultDocument; digest: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo-decide-'));
  for (const seed of ['s0', 's1', 's2']) {
    await cp(join(ZOO, `refs/llama-mini-${seed}`), join(folder, 'models', seed), { recursive: true });
  }
  const path = join(folder, 'programme.yaml');
  await writeFile(path, PROGRAMME);
  programme = pathToFileURL(path).href;
  const backend = await createWasmBackend({ threads: 1 });
  const comparer = createComparer(parts, backend);
  const workspace = { parts, runner, backend, comparer, close: () => Promise.resolve() };
  audited = await runAudit({ programme, workspace, progress: SILENT });
  await backend.close();
  // From here on there are no weights: whatever opened one would fail.
  await rm(join(folder, 'models'), { recursive: true });
});
afterAll(async () => {
  await runner.close();
  await rm(folder, { recursive: true });
});

describe('decideAgain, after the weights are gone', () => {
  it('gives the same bytes under the same rules, from the result and from the programme', async () => {
    const before = canonicalJson(audited.document);
    for (const of of [{ result: audited.document }, { programme }]) {
      const again = await decideAgain({ of, parts });
      expect(canonicalJson(again.document)).toBe(before);
      expect(again.digest).toBe(audited.digest);
    }
  });

  it('judges by other rules, names what it supersedes, and finds its way back', async () => {
    const { document, digest } = await decideAgain({
      of: { result: audited.document },
      rules: STRICT,
      parts,
    });
    expect(document.supersedes).toBe(audited.digest);
    expect(document.rules).toMatchObject({ id: 'round-1', digest: sha256(canonicalJson(STRICT)) });
    expect(document.pairs[0]?.verdict.verdict).not.toBe(audited.document.pairs[0]?.verdict.verdict);
    expect(document.pairs.map(({ evidence, maps }) => ({ evidence, maps }))).toEqual(
      audited.document.pairs.map(({ evidence, maps }) => ({ evidence, maps })),
    );
    expect(document.evaluations?.[0]?.criteria.map(({ id }) => id)).toEqual(
      STRICT.criteria.map(({ id }) => id),
    );
    const { programme: before } = audited.document;
    expect(document.programme.digest).not.toBe(before.digest);
    const { document: back } = await decideAgain({
      of: { result: document },
      rules: (await readProgramme(programme)).rules,
      parts,
    });
    expect(back).toEqual({ ...audited.document, supersedes: digest });
  });

  it('takes changed declarations from the programme', async () => {
    const path = join(folder, 'declared.yaml');
    await writeFile(
      path,
      PROGRAMME.replace('source: models/s0', 'source: models/s0, licence: MIT').replace(
        /^rules: .*$/m,
        'rules: round-1',
      ),
    );
    const { document } = await decideAgain({ of: { programme: pathToFileURL(path).href }, parts });
    const licence = document.evaluations?.[0]?.criteria.find(({ id }) => id === 'open-licence');
    expect(licence).toMatchObject({ outcome: 'pass', reasons: [{ code: 'licence', text: 'MIT' }] });
  });

  it('takes replies and declared lineage into the result, and nothing that was found moves', async () => {
    const path = join(folder, 'answered.yaml');
    const replies = `replies: [{ date: 2026-01-12, author: A, reference: s1, text: "=1+1 <b>\\u202e" }]`;
    const declared = 'declared: [{ from: a paper, date: 2026-01-05, author: B }]';
    await writeFile(
      path,
      PROGRAMME.replace('source: models/s0', `source: models/s0, ${declared}, ${replies}`),
    );
    const { document } = await decideAgain({ of: { programme: pathToFileURL(path).href }, parts });
    const { statements, supersedes, programme: stated, ...found } = document;
    const { programme: before, ...unmoved } = audited.document;
    expect(found).toEqual(unmoved);
    expect(stated.digest).not.toBe(before.digest);
    // The decision before this one on the same measurements, not the audit.
    expect(supersedes).toMatch(/^[0-9a-f]{64}$/);
    expect(statements).toEqual([
      {
        subject: 's0',
        declared: [
          { from: 'a paper', reference: null, components: [], note: null, date: '2026-01-05', author: 'B' },
        ],
        replies: [
          { reference: 's1', component: null, date: '2026-01-12', author: 'A', text: '=1+1 <b>\u202e' },
        ],
      },
    ]);
  });

  it('reads a rule set from below the programme', async () => {
    await writeFile(join(folder, 'mine.yaml'), 'id: mine\nversion: 2\ntitle: { ko: 가, en: Mine }\n');
    const path = join(folder, 'with-file.yaml');
    await writeFile(path, PROGRAMME.replace(/^rules: .*$/m, 'rules: mine.yaml'));
    expect((await readProgramme(path)).rules).toMatchObject({ id: 'mine', version: 2, require_tier3: true });
    await rm(join(folder, 'mine.yaml'));
    await expect(readProgramme(path)).rejects.toThrow(/there is no rule set/);
  });

  it('refuses a result of another work folder, and a programme that measures other models', async () => {
    const foreign = { ...audited.document, caveats: ['from elsewhere'] };
    await expect(decideAgain({ of: { result: foreign }, parts })).rejects.toThrow(UsageError);
    const path = join(folder, 'other.yaml');
    await writeFile(path, PROGRAMME.replace('negative: [s1, s2]', 'negative: [s1]'));
    await expect(decideAgain({ of: { programme: path }, parts })).rejects.toThrow(/was not audited/);
  });
});
