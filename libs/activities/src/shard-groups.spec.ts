import { fileURLToPath, pathToFileURL } from 'node:url';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ObjectChanged, SILENT, type Progress } from '@jokbo/contracts';
import { createTaskRunner, type PartStore } from '@jokbo/fingerprint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryParts } from '../specs/memory-parts.js';
import { fingerprintSource, openSource } from './load-model.js';
import { planShardGroups, readShardGroup } from './shard-groups.js';

const ZOO_MODEL = fileURLToPath(new URL('../../../test/zoo/teams/c/exa-mini', import.meta.url));

/** Smaller than any shard: each is a group of its own. */
const GROUP_BYTES = 1;

const runner = createTaskRunner({ threads: 1 });
let folder: string;
let model: { readonly id: string; readonly uri: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo groups '));
  await cp(ZOO_MODEL, folder, { recursive: true });
  model = { id: 'exa', uri: pathToFileURL(folder).href };
});
afterAll(async () => {
  await runner.close();
  await rm(folder, { recursive: true });
});

/** What fingerprinting needs, with the bytes that were read of each task. */
function reading(parts: PartStore) {
  const read: number[] = [];
  const progress: Progress = { ...SILENT, advance: (_stage, _items, bytes = 0) => void read.push(bytes) };
  return { read, deps: { runner, parts, progress, features: 256 } };
}

async function fingerprint(parts: PartStore) {
  const { read, deps } = reading(parts);
  const source = await openSource(model.uri);
  try {
    return { id: (await fingerprintSource(source, deps)).id, read };
  } finally {
    await source.store.close();
  }
}

describe('groups of shards', () => {
  it('give the fingerprint of one reading, and read every byte once', async () => {
    const whole = await fingerprint(memoryParts());
    const parts = memoryParts();
    const { read, deps } = reading(parts);
    const groups = await planShardGroups(model, deps, GROUP_BYTES);
    expect(groups.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 2],
    ]);
    for (const group of [...groups].reverse()) await readShardGroup(group, deps);
    expect(read).toEqual(groups.map(({ bytes }) => bytes).reverse());
    const merged = await fingerprint(parts);
    expect(merged).toEqual({ id: whole.id, read: [0, 0] });
    expect([...read].sort()).toEqual([...whole.read].sort());
  });

  it('read nothing again that was finished, and there are none of a model that is known', async () => {
    const parts = memoryParts();
    const { read, deps } = reading(parts);
    const [first] = await planShardGroups(model, deps, GROUP_BYTES);
    if (first === undefined) throw new RangeError('no groups');
    await readShardGroup(first, deps);
    await readShardGroup(first, deps);
    expect(read).toEqual([first.bytes, 0]);
    await fingerprint(parts);
    expect(await planShardGroups(model, deps, GROUP_BYTES)).toEqual([]);
  });

  it('are one activity where one would do', async () => {
    expect(await planShardGroups(model, reading(memoryParts()).deps)).toEqual([]);
  });

  it('are refused once the checkpoint is another', async () => {
    const { deps } = reading(memoryParts());
    const groups = await planShardGroups(model, deps, GROUP_BYTES);
    const shard = join(folder, 'model-00002-of-00002.safetensors');
    const bytes = await readFile(shard);
    await writeFile(shard, bytes);
    const [first] = groups;
    if (first === undefined) throw new RangeError('no groups');
    await expect(readShardGroup(first, deps)).rejects.toThrow(ObjectChanged);
  });
});
