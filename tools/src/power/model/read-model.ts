import type { Dtype, Json, ObjectStore } from '@jokbo/contracts';
import { readCheckpoint } from '@jokbo/models';
import { CONFIG_JSON_LIMITS, decodeF64, safeJson, TOKENIZER_JSON_LIMITS } from '@jokbo/safetensors';
import { openStore } from '@jokbo/storage';
import type { FloatDtype, Model, Tensor } from './model.js';

const FLOATS: readonly Dtype[] = ['BF16', 'F16', 'F32'];

function isFloat(dtype: Dtype): dtype is FloatDtype {
  return FLOATS.includes(dtype);
}

/**
 * Reads a whole checkpoint folder into memory.
 *
 * @throws as `readCheckpoint`; RangeError for an element type other than BF16, F16 and F32.
 */
export async function readModel(folder: string): Promise<Model> {
  const store = openStore(folder);
  try {
    const checkpoint = await readCheckpoint(store, store.uri);
    const files = new Map<string, Uint8Array>();
    for (const { path } of checkpoint.files) files.set(path, await wholeFile(store, path));
    const tensors = checkpoint.stored.map(({ name, file, dtype, shape, begin, end }): [string, Tensor] => {
      if (!isFloat(dtype)) throw new RangeError(`${name} is stored as ${dtype}`);
      const bytes = files.get(file)?.subarray(begin, end) ?? new Uint8Array();
      return [name, { shape, dtype, values: decodeF64({ bytes, dtype, shape }) }];
    });
    const config = safeJson(
      await wholeFile(store, 'config.json'),
      CONFIG_JSON_LIMITS,
      `${folder}/config.json`,
    );
    return {
      config: config as Model['config'],
      tensors: new Map(tensors),
      tokenizer: await tokenizerOf(store, folder),
    };
  } finally {
    await store.close();
  }
}

async function tokenizerOf(store: ObjectStore, folder: string): Promise<Json | null> {
  const listing = await store.list('');
  if (!listing.some(({ path }) => path === 'tokenizer.json')) return null;
  const bytes = await wholeFile(store, 'tokenizer.json');
  return safeJson(bytes, TOKENIZER_JSON_LIMITS, `${folder}/tokenizer.json`);
}

async function wholeFile(store: ObjectStore, path: string): Promise<Uint8Array> {
  const source = await store.open(path);
  try {
    const bytes = new Uint8Array(source.size);
    await source.read({ start: 0, end: source.size }, bytes);
    return bytes;
  } finally {
    await source.close();
  }
}
