import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeSafetensors, type EncodableTensor } from '@jokbo/safetensors';
import { encodeValues } from './encode-values.js';
import type { Model } from './model.js';

/** How a checkpoint is laid out on disk. */
export interface WriteOptions {
  /** Files that the tensors are spread over, in name order. @default 1 */
  readonly shards?: number;
}

/** Writes a checkpoint folder as published ones are laid out; an existing one is replaced. Same input, same bytes. */
export async function writeModel(
  folder: string,
  model: Model,
  { shards = 1 }: WriteOptions = {},
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const tensors = [...model.tensors]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { shape, values, dtype }]): EncodableTensor => {
      return { name, shape, dtype, bytes: encodeValues(values, dtype) };
    });
  const files = Array.from({ length: shards }, (_, shard) => ({
    name: shardName(shard, shards),
    own: tensors.filter((_tensor, at) => Math.floor((at * shards) / tensors.length) === shard),
  }));
  for (const { name, own } of files) {
    await writeFile(join(folder, name), encodeSafetensors(own, { format: 'pt' }));
  }
  if (shards > 1) {
    const total = tensors.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const map = Object.fromEntries(
      files.flatMap(({ name, own }) => own.map((tensor) => [tensor.name, name])),
    );
    await writeJson(join(folder, 'model.safetensors.index.json'), {
      metadata: { total_size: total },
      weight_map: map,
    });
  }
  await writeJson(join(folder, 'config.json'), model.config);
  if (model.tokenizer !== null) await writeJson(join(folder, 'tokenizer.json'), model.tokenizer);
}

function shardName(shard: number, shards: number): string {
  if (shards === 1) return 'model.safetensors';
  const digits = (value: number): string => String(value).padStart(5, '0');
  return `model-${digits(shard + 1)}-of-${digits(shards)}.safetensors`;
}

function writeJson(path: string, value: unknown): Promise<void> {
  return writeFile(path, `${JSON.stringify(value, undefined, 2)}\n`);
}
