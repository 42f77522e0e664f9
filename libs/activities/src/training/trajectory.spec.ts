import { link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  MalformedTrainingRecord,
  SILENT,
  TRAINING_TESTS,
  UsageError,
  type TrainingTestName,
  type TrajectoryDocument,
} from '@jokbo/contracts';
import { decodeF32, encodeSafetensors, parseHeader } from '@jokbo/safetensors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalWorkspace, type LocalWorkspace } from '../local-workspace.js';
import { validateTrajectory } from '../programme/index.js';
import { measureTrajectory } from './measure-trajectory.js';
import { testTrajectory } from './trajectory.js';

const ZOO = fileURLToPath(new URL('../../../../test/zoo', import.meta.url));
const RELEASE = `${ZOO}/teams/a/open-mini`;
const RUN = 'wandb/offline-run-20261123_203323-opnm1n25/run-opnm1n25.wandb';
const HISTORY = 'wandb/wandb-history.jsonl';

let folder = '';
let workspace: LocalWorkspace;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo-trajectory-'));
  workspace = await openLocalWorkspace({ work: join(folder, 'work'), progress: SILENT });
});
afterAll(async () => {
  await workspace.close();
  await rm(folder, { recursive: true });
});

/** The real records with some files changed; null = left out. The others are links, so that nothing is read twice. */
async function variant(
  name: string,
  changes: Readonly<Record<string, string | Uint8Array | null>>,
): Promise<string> {
  const target = join(folder, name);
  for (const entry of await readdir(RELEASE, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name).slice(RELEASE.length + 1);
    const change = changes[path];
    if (change === null) continue;
    await mkdir(dirname(join(target, path)), { recursive: true });
    if (change === undefined)
      await link(join(RELEASE, path), join(target, path)).catch(() => copy(path, target));
    else await writeFile(join(target, path), change);
  }
  return target;
}

async function copy(path: string, target: string): Promise<void> {
  await writeFile(join(target, path), await readFile(join(RELEASE, path)));
}

async function trajectory(
  release: string,
  options: { readonly training?: string; readonly references?: readonly string[] } = {},
): Promise<TrajectoryDocument> {
  const { training, references = [] } = options;
  const document = await testTrajectory({
    release,
    training,
    references: references.map((path) => `${ZOO}/${path}`),
    workspace,
    progress: SILENT,
  });
  validateTrajectory(JSON.parse(JSON.stringify(document)));
  return document;
}

const outcomes = ({ tests }: Pick<TrajectoryDocument, 'tests'>) =>
  Object.fromEntries(tests.map(({ test, outcome }) => [test, outcome]));

const failed = ({ tests }: Pick<TrajectoryDocument, 'tests'>): string[] =>
  tests.filter(({ outcome }) => outcome === 'fail').map(({ test }) => test);

const testOf = ({ tests }: Pick<TrajectoryDocument, 'tests'>, name: TrainingTestName) => {
  const found = tests.find(({ test }) => test === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};

const figureOf = (document: TrajectoryDocument, test: TrainingTestName, figure: string): number | null =>
  testOf(document, test).figures.find(({ name }) => name === figure)?.value ?? null;

interface Weights {
  readonly shape: readonly number[];
  readonly dtype: 'BF16' | 'F32';
  readonly values: Float32Array;
}

/** All tensors of one safetensors file, or of a sharded model. */
async function weightsOf(path: string): Promise<Map<string, Weights>> {
  const found = new Map<string, Weights>();
  const files = (await readdir(path)).filter((file) => file.endsWith('.safetensors'));
  for (const file of files) {
    const bytes = await readFile(join(path, file));
    for (const { name, dtype, shape, begin, end } of parseHeader(bytes, bytes.length, file).tensors) {
      if (dtype !== 'BF16' && dtype !== 'F32') throw new Error(dtype);
      found.set(name, {
        shape,
        dtype,
        values: decodeF32({ bytes: bytes.subarray(begin, end), dtype, shape }),
      });
    }
  }
  return found;
}

function encoded(weights: ReadonlyMap<string, Weights>): Uint8Array {
  return encodeSafetensors(
    [...weights].map(([name, { shape, dtype, values }]) => ({
      name,
      shape,
      dtype,
      bytes: bytesOf(values, dtype),
    })),
  );
}

function bytesOf(values: Float32Array, dtype: 'BF16' | 'F32'): Uint8Array {
  const words = new Uint32Array(values.slice().buffer);
  if (dtype === 'F32') return new Uint8Array(words.buffer);
  const halves = Uint16Array.from(words, (word) => (word + 0x7fff + ((word >>> 16) & 1)) >>> 16);
  return new Uint8Array(halves.buffer);
}

const rowsEdited = async (
  edit: (row: Record<string, number>) => Record<string, number> | null,
): Promise<string> => {
  const lines = (await readFile(join(RELEASE, HISTORY), 'utf8')).trim().split('\n');
  const rows = lines.flatMap((line) => {
    const row = edit(JSON.parse(line) as Record<string, number>);
    return row === null ? [] : [row];
  });
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
};

describe('testTrajectory on a real run', () => {
  it('passes every test that the records allow', async () => {
    const document = await trajectory(RELEASE, { references: ['refs/glm-air-mini', 'refs/llama-mini-s0'] });
    expect(outcomes(document)).toEqual({
      ...Object.fromEntries(TRAINING_TESTS.map((test) => [test, 'pass'])),
      compute_plausible: 'not_provided',
    });
    expect(document.unreadable).toEqual([]);
    expect(document.records).toMatchObject({ training_json: true, checkpoints: 5, log_rows: 400 });
    expect(document.points.map(({ step, path }) => [step, path])).toEqual([
      [0, 'checkpoints/step-0'],
      [50, 'checkpoints/step-50'],
      [100, 'checkpoints/step-100'],
      [200, 'checkpoints/step-200'],
      [400, '.'],
    ]);
    const last = document.points.at(-1);
    expect(last?.start_z).toBeCloseTo(114.1, 1);
    expect(last?.previous_z).toBeCloseTo(58.4, 1);
    expect(last?.start_share).toBeCloseTo(0.974, 2);
    expect(figureOf(document, 'step0_from_seed', 'elements_checked')).toBe(716_464);
    expect(figureOf(document, 'path_smooth', 'largest_step_ratio')).toBeCloseTo(0.762, 2);
    expect(figureOf(document, 'compute_plausible', 'flops')).toBe(6 * 495_280 * 409_600);
  });

  it('gives the same bytes again from what it kept', async () => {
    const [first, second] = [await trajectory(RELEASE), await trajectory(RELEASE)];
    expect(second).toEqual(first);
    expect(outcomes(first)['references_flat']).toBe('not_provided');
  });
});

describe('testTrajectory on false records', () => {
  it.each(['refs/glm-air-mini', 'refs/llama-mini-s0'])(
    'finds that %s is not where the path leads',
    async (other) => {
      const document = await trajectory(`${ZOO}/${other}`, { training: RELEASE });
      expect(failed(document)).toEqual(['checkpoint_digests', 'descends_from_step0', 'path_smooth']);
      expect(testOf(document, 'descends_from_step0').reason).toBe('smallest_z');
      expect(Math.abs(figureOf(document, 'descends_from_step0', 'smallest_z') ?? NaN)).toBeLessThan(4);
      expect(Math.abs(figureOf(document, 'path_smooth', 'smallest_joint_z') ?? NaN)).toBeLessThan(4);
      expect(figureOf(document, 'path_smooth', 'largest_step_ratio')).toBeGreaterThan(1);
      expect(
        testOf(document, 'path_smooth').figures.find(({ name }) => name === 'smallest_joint_z')?.at,
      ).toBe('step 200 to 400');
    },
  );

  it('finds a step 0 that was made from the final model and noise', async () => {
    const final = await weightsOf(RELEASE);
    let word = 1;
    const uniform = (): number => {
      word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
      return (word + 0.5) / 2 ** 32;
    };
    const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const crafted = new Map<string, Weights>();
    for (const [name, { shape, dtype, values }] of final) {
      const declared = /(?:o_proj|down_proj)\.weight$/.test(name) ? 0.02 / Math.sqrt(12) : 0.02;
      const trained = values.reduce((sum, value) => sum + value * value, 0) / values.length;
      // The noise is what the declared variance leaves, so that the standard deviation gives nothing away.
      const noise = Math.sqrt(Math.max(0, declared ** 2 - 0.01 * trained));
      const made = (value: number): number =>
        name.endsWith('norm.weight') ? 1 : name.endsWith('bias') ? 0 : 0.1 * value + noise * normal();
      crafted.set(name, { shape, dtype, values: values.map(made) });
    }
    const release = await variant('crafted', { 'checkpoints/step-0/model.safetensors': encoded(crafted) });
    const document = await trajectory(release);
    expect(failed(document)).toEqual(
      expect.arrayContaining(['checkpoint_digests', 'step0_initialisation', 'step0_from_seed']),
    );
    expect(figureOf(document, 'step0_initialisation', 'largest_spectral_edge_z')).toBeGreaterThan(8);
    expect(figureOf(document, 'step0_from_seed', 'elements_different')).toBeGreaterThan(700_000);
    // The final model does descend from it, but far less of it is left than decay leaves.
    expect(figureOf(document, 'descends_from_step0', 'smallest_share_ratio')).toBeLessThan(0.5);
    expect(failed(document)).toContain('descends_from_step0');
  });

  it('finds experts of another model in one checkpoint of the path', async () => {
    const path = await weightsOf(`${RELEASE}/checkpoints/step-100`);
    const other = await weightsOf(`${ZOO}/refs/glm-air-mini`);
    const mixed = new Map(
      [...path].map(([name, own]) => {
        const theirs = other.get(name);
        const swap = name.includes('.experts.') && theirs?.shape.join() === own.shape.join();
        return [name, swap ? theirs : own] as const;
      }),
    );
    const release = await variant('mixed', { 'checkpoints/step-100/model.safetensors': encoded(mixed) });
    const document = await trajectory(release, { references: ['refs/glm-air-mini'] });
    expect(failed(document)).toEqual(['checkpoint_digests', 'path_smooth', 'references_flat']);
    expect(testOf(document, 'path_smooth').reason).toBe('tensors_without_trace');
    // Five layers of eight experts of three matrices, out of the path and back into it; the first layer's stayed.
    expect(figureOf(document, 'path_smooth', 'tensors_without_trace')).toBe(2 * 120);
    expect(testOf(document, 'references_flat').figures[0]?.at).toMatch(/glm-air-mini, step 100$/);
  });

  it('finds the content of a later checkpoint under an earlier step', async () => {
    const later = await readFile(`${RELEASE}/checkpoints/step-200/model.safetensors`);
    const release = await variant('repeated', { 'checkpoints/step-50/model.safetensors': later });
    const document = await trajectory(release);
    expect(failed(document)).toContain('checkpoint_digests');
    expect(figureOf(document, 'checkpoint_digests', 'digests_wrong')).toBe(1);
    expect(figureOf(document, 'checkpoint_digests', 'tensors_repeated')).toBeGreaterThan(100);
  });

  it('finds edited and missing rows of the exported history', async () => {
    const edited = await rowsEdited((row) => (row['_step'] === 123 ? { ...row, loss: 4.25 } : row));
    const document = await trajectory(await variant('edited', { [HISTORY]: edited }));
    expect(failed(document)).toEqual(['log_files_agree']);
    expect(testOf(document, 'log_files_agree')).toMatchObject({
      reason: 'rows_different',
      findings: [{ code: 'row-differs', at: `${HISTORY}, step 123` }],
    });
    const missing = await rowsEdited((row) => (row['_step'] === 200 ? null : row));
    expect(
      testOf(await trajectory(await variant('missing', { [HISTORY]: missing })), 'log_files_agree').reason,
    ).toBe('rows_not_in_history');
  });

  it('reads the exported history where there is no offline file, and finds what contradicts training.json', async () => {
    const inner = `${dirname(RUN)}/files/wandb-history.jsonl`;
    const plain = { [RUN]: null, [inner]: null };
    const honest = await trajectory(await variant('exported', plain));
    expect([outcomes(honest)['log_consistent'], outcomes(honest)['log_files_agree']]).toEqual([
      'pass',
      'not_provided',
    ]);
    const edited = await rowsEdited((row) =>
      row['_step'] === 300 ? { ...row, lr: 0.0005, loss: 3.5 } : row,
    );
    const document = await trajectory(await variant('rate', { ...plain, [HISTORY]: edited }));
    expect(failed(document)).toEqual(['log_consistent']);
    expect(testOf(document, 'log_consistent')).toMatchObject({ reason: 'learning_rate_off_schedule' });
    const gap = await rowsEdited((row) =>
      (row['_step'] ?? 0) >= 250 && (row['_step'] ?? 0) < 260 ? null : row,
    );
    expect(
      testOf(await trajectory(await variant('gap', { ...plain, [HISTORY]: gap })), 'log_consistent'),
    ).toMatchObject({
      reason: 'rows_missing',
      findings: [{ code: 'gap', at: 'step 249 to 260', value: 10 }],
    });
  });

  it('names a damaged offline file with its offset, and a cut one without failing', async () => {
    const bytes = await readFile(join(RELEASE, RUN));
    const flipped = Uint8Array.from(bytes);
    flipped[100_000] = (flipped[100_000] ?? 0) ^ 1;
    const damaged = await trajectory(await variant('flipped', { [RUN]: flipped }));
    expect(failed(damaged)).toEqual(['log_consistent']);
    expect(testOf(damaged, 'log_consistent').reason).toBe('damaged_files');
    expect(damaged.unreadable).toHaveLength(1);
    expect(damaged.unreadable[0]?.object).toContain(RUN);
    expect(damaged.unreadable[0]?.message).toMatch(/checksum says at byte \d+/);
    const cut = await trajectory(await variant('cut', { [RUN]: bytes.subarray(0, bytes.length - 5) }));
    expect(failed(cut)).toEqual([]);
    const [finding, ...others] = testOf(cut, 'log_consistent').findings;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: 'cut-tail', at: RUN });
    expect(finding?.value).toMatch(/^byte \d+$/);
  });

  it('names a checkpoint that cannot be read, and one that is not there', async () => {
    const broken = await trajectory(
      await variant('broken', {
        'checkpoints/step-50/model.safetensors': new Uint8Array(100).fill(0xff),
        'checkpoints/step-100/config.json': null,
        'checkpoints/step-100/generation_config.json': null,
        'checkpoints/step-100/model.safetensors': null,
      }),
    );
    expect(failed(broken)).toEqual(['checkpoint_digests']);
    expect(testOf(broken, 'checkpoint_digests').findings.map(({ code, at }) => [code, at])).toEqual([
      ['checkpoint-absent', 'step 50 (checkpoints/step-50)'],
      ['checkpoint-absent', 'step 100 (checkpoints/step-100)'],
    ]);
    expect(broken.unreadable).toHaveLength(1);
    expect(broken.points).toHaveLength(3);
  });

  it('takes checkpoints and logs alone, and refuses a folder without any record', async () => {
    const bare = await trajectory(await variant('bare', { 'training.json': null }));
    expect(failed(bare)).toEqual([]);
    expect(bare.points.map(({ step }) => step)).toEqual([0, 50, 100, 200, 400]);
    expect(outcomes(bare)).toMatchObject({
      checkpoint_digests: 'not_provided',
      step0_initialisation: 'not_provided',
      descends_from_step0: 'pass',
      path_smooth: 'pass',
    });
    await expect(trajectory(`${ZOO}/refs/glm-air-mini`)).rejects.toThrow(UsageError);
  });

  it('refuses a broken training.json, and keeps an audit going over one', async () => {
    const release = await variant('unreadable', { 'training.json': '{"total_steps": "many"}' });
    await expect(trajectory(release)).rejects.toThrow(MalformedTrainingRecord);
    const section = await measureTrajectory(
      { subject: 'a', releaseUri: release, trainingUri: release, references: [], features: 32_768 },
      { ...workspace, progress: SILENT },
    );
    expect(new Set(section.tests.map(({ outcome, reason }) => `${outcome} ${reason ?? ''}`))).toEqual(
      new Set(['not_provided record-unreadable']),
    );
    expect(section.unreadable[0]?.message).toContain('total_steps');
  });
});
