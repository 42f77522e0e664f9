import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseHeader, type HeaderTensor } from '@jokbo/safetensors';
import { ZOO } from '../zoo-models.js';

/** Two shards and an index. */
export const SHARDED = 'teams/c/exa-mini';

/** One shard without index, tied embeddings. */
export const SINGLE = 'refs/llama-mini-s0';

export const FIRST_SHARD = 'model-00001-of-00002.safetensors';
export const SECOND_SHARD = 'model-00002-of-00002.safetensors';
export const INDEX = 'model.safetensors.index.json';

/** A copy of a model of the zoo that may be spoilt. */
export interface ModelFolder {
  readonly path: string;
  readonly read: (name: string) => Buffer;
  readonly write: (name: string, content: string | Uint8Array) => void;
  readonly remove: (name: string) => void;
  readonly rename: (from: string, to: string) => void;
  /** Parses, changes and writes a JSON file. */
  readonly edit: (name: string, change: (json: JsonObject) => void) => void;
}

// A test may put anything anywhere into a config.
export type JsonObject = Record<string, unknown>;

export function copyModel(model: string, path: string): ModelFolder {
  mkdirSync(path, { recursive: true });
  for (const name of readdirSync(`${ZOO}${model}`)) copyFileSync(`${ZOO}${model}/${name}`, join(path, name));
  const read = (name: string) => readFileSync(join(path, name));
  const write = (name: string, content: string | Uint8Array) => {
    // The zoo is read-only, and so are copies of its files.
    rmSync(join(path, name), { force: true, recursive: true });
    writeFileSync(join(path, name), content);
  };
  return {
    path,
    read,
    write,
    remove: (name) => rmSync(join(path, name), { recursive: true }),
    rename: (from, to) => renameSync(join(path, from), join(path, to)),
    edit(name, change) {
      const json = JSON.parse(read(name).toString()) as JsonObject;
      change(json);
      write(name, JSON.stringify(json));
    },
  };
}

/** The map of an index from tensors to shards. */
export function weightMap(index: JsonObject): Record<string, unknown> {
  return index['weight_map'] as Record<string, unknown>;
}

/** Rewrites a shard with a changed header; offsets stay relative to the data. */
export function editHeader(folder: ModelFolder, shard: string, change: (header: JsonObject) => void): void {
  const file = folder.read(shard);
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', 8, 8 + length)) as JsonObject;
  change(header);
  const text = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(text.length));
  folder.write(shard, Buffer.concat([start, text, file.subarray(8 + length)]));
}

/** Gives every element of the chosen BF16 tensors of a shard a value: the upper half of an f32. */
export function fillTensors(
  folder: ModelFolder,
  shard: string,
  chosen: (name: string) => boolean,
  bits: (element: number) => number | null,
): readonly string[] {
  const file = Buffer.from(folder.read(shard));
  const tensors = parseHeader(file, file.length, shard).tensors.filter(
    ({ name, dtype }: HeaderTensor) => dtype === 'BF16' && chosen(name),
  );
  for (const { begin, end } of tensors) {
    for (let at = begin; at < end; at += 2) {
      const value = bits((at - begin) / 2);
      if (value !== null) file.writeUInt16LE(value, at);
    }
  }
  folder.write(shard, file);
  return tensors.map(({ name }) => name);
}
