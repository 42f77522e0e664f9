import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModel } from './read-model.js';
import { writeModel } from './write-model.js';

const source = fileURLToPath(new URL('../../../../test/zoo/refs/glm-air-mini', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo model '));
});
afterAll(() => rm(folder, { recursive: true }));

async function bytesOf(at: string): Promise<Map<string, string>> {
  const names = (await readdir(at)).sort();
  const contents = await Promise.all(names.map((name) => readFile(join(at, name), 'base64')));
  return new Map(names.map((name, index) => [name, contents[index] ?? '']));
}

describe('writeModel', () => {
  it('writes what readModel read, in one file or several, the same bytes twice', async () => {
    const model = await readModel(source);
    expect(model.tensors.size).toBe(209);
    for (const shards of [1, 4]) {
      const [a, b] = [join(folder, `a${shards}`), join(folder, `b${shards}`)];
      await writeModel(a, model, { shards });
      await writeModel(b, { ...model, tensors: new Map([...model.tensors].reverse()) }, { shards });
      expect(await bytesOf(a)).toEqual(await bytesOf(b));
      const again = await readModel(a);
      expect(new Map([...again.tensors].sort())).toEqual(new Map([...model.tensors].sort()));
      expect(again.config).toEqual(model.config);
      expect(again.tokenizer).toEqual(model.tokenizer);
      expect([...(await bytesOf(a)).keys()].filter((name) => name.endsWith('.safetensors'))).toHaveLength(
        shards,
      );
    }
  });

  it('leaves nothing of what was there before', async () => {
    const model = await readModel(source);
    const at = join(folder, 'twice');
    await writeModel(at, model, { shards: 3 });
    await writeModel(at, { ...model, tokenizer: null });
    expect(await readdir(at)).toEqual(['config.json', 'model.safetensors']);
  });
});
