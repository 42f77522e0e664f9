import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeSparseCheckpoint, type MoeShape } from '@jokbo/tools';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const JOKBO = fileURLToPath(new URL('../../apps/cli/bin/jokbo.js', import.meta.url));

/** 531 tensors in 26 shards: an embedding, 24 layers, and final norm with head. */
const WIDE: MoeShape = {
  ...{ modelType: 'glm4_moe', hidden: 8192, layers: 24, heads: 64, kvHeads: 8, headDim: 128 },
  ...{ intermediate: 8192, denseLayers: 0, experts: 4, expertWidth: 8192 },
  ...{ vocabulary: 1_000, sharedTokens: 500 },
};
const TENSORS = 24 * (6 + 1 + 3 + 4 * 3) + 3;

/** Norms, attention, router, four experts and a shared one; embedding, head and final norm. */
const PARAMETERS =
  24 * (2 * 8192 + 2 * 8192 * 8192 + 2 * 1024 * 8192 + 4 * 8192 + 5 * 3 * 8192 * 8192) +
  2 * 1_000 * 8192 +
  8192;
const BYTES = 2 * PARAMETERS;

/** A group is closed with the tensor with which it holds 16 GB; none here has more than .14 GB. */
const GROUPS = 4;

/** 47 tensors below a GB: one group. */
const SMALL: MoeShape = {
  ...WIDE,
  ...{ modelType: 'solar_open', hidden: 512, layers: 2, expertWidth: 512, intermediate: 512 },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo plan '));
  await writeSparseCheckpoint(join(folder, 'wide'), WIDE);
  await writeSparseCheckpoint(join(folder, 'small'), SMALL);
  await writeFile(
    join(folder, 'programme.yaml'),
    `version: 1
name: Wide
language: en
subjects:
  - { id: wide, team: A, release: Wide, source: wide }
references:
  - { id: small, name: Small, source: small, family: small }
`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

async function plan(format: 'table' | 'json'): Promise<string> {
  const args = [JOKBO, 'plan', 'programme.yaml', '--work', 'work', '--format', format];
  return (await promisify(execFile)(process.execPath, args, { cwd: folder })).stdout;
}

describe('the plan of an audit with a model of 55 GB', () => {
  it('tells shards, groups of shards, tensors, bytes and time in JSON', async () => {
    const { models, totals, estimate } = JSON.parse(await plan('json')) as {
      models: Record<string, unknown>[];
      totals: Record<string, number>;
      estimate: Record<string, number>;
    };
    expect(models).toMatchObject([
      {
        ...{ id: 'wide', shards: 26, shard_groups: GROUPS, tensors: TENSORS, parameters: PARAMETERS },
        ...{ excluded_parameters: 0, bytes: BYTES, cached_bytes: 0, findings: [] },
      },
      { id: 'small', shards: 4, shard_groups: 1, tensors: 2 * 22 + 3, cached_bytes: 0 },
    ]);
    const small = Number(models[1]?.['bytes']);
    expect(totals).toMatchObject({
      ...{ models: 2, shards: 30, shard_groups: GROUPS + 1, tensors: TENSORS + 47 },
      ...{ bytes: BYTES + small, cached_bytes: 0, pairs: 1 },
    });
    // A second of one core per GB, to within what processors differ by.
    expect(estimate['read_core_seconds']).toBeGreaterThan(BYTES / 4e9);
    expect(estimate['read_core_seconds']).toBeLessThan(BYTES / 0.25e9);
    expect(estimate['compare_core_seconds']).toBeGreaterThan(0);
  });

  it('tells them in a table, and the time on this machine', async () => {
    const text = await plan('table');
    expect(text).toMatch(/^ *shards +groups +tensors +parameters +not mapped +bytes +cached +model$/m);
    expect(text).toMatch(/^ *26 +4 +531 +[\d,]+ +0 +5\d\.\d GiB +0 B +wide$/m);
    expect(text).toMatch(/^ *4 +1 +47 .* small$/m);
    expect(text).toMatch(/^ *30 +5 +578 .* total: 2 models$/m);
    expect(text).toMatch(/^5\d\.\d GiB to read; 0 B known already$/m);
    const cores = availableParallelism();
    expect(text).toContain(`on the ${cores} core${cores === 1 ? '' : 's'} of this machine`);
    const time = String.raw`[\d:.]+(?: s)?`;
    expect(text).toMatch(
      new RegExp(`^about ${time} on .*of one core: ${time} to read, ${time} to compare`, 'm'),
    );
  });

  it('reads headers alone, and writes nothing', async () => {
    await plan('table');
    await expect(stat(join(folder, 'work'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
