import { ObjectMissing, type ByteSource, type ObjectStore } from '@jokbo/contracts';
import { configOf, shardsOf, tokenizerOf, type MoeShape, type NamedShape } from './large-models.js';

/** What there is of one object: its first bytes, and the length that it claims. */
export interface ObjectHead {
  readonly bytes: Uint8Array;
  readonly size: number;
}

function shardOf(tensors: readonly NamedShape[]): ObjectHead {
  let end = 0;
  const header = Object.fromEntries(
    tensors.map(({ name, shape }) => {
      const begin = end;
      end += 2 * shape.reduce((product, size) => product * size, 1);
      return [name, { dtype: 'BF16', shape, data_offsets: [begin, end] }];
    }),
  );
  const text = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return { bytes: Buffer.concat([length, padded]), size: 8 + padded.length + end };
}

function whole(value: unknown): ObjectHead {
  const bytes = Buffer.from(JSON.stringify(value));
  return { bytes, size: bytes.length };
}

/** Headers, configuration, tokenizer and index of a model of hundreds of gigabytes, by path. */
export function objectHeads(shape: MoeShape): ReadonlyMap<string, ObjectHead> {
  const served = new Map<string, ObjectHead>([
    ['config.json', whole(configOf(shape))],
    ['tokenizer.json', whole(tokenizerOf(shape))],
  ]);
  const shards = shardsOf(shape);
  const weightMap: Record<string, string> = {};
  for (const [at, tensors] of shards.entries()) {
    const ordinal = (number: number): string => String(number).padStart(5, '0');
    const path = `model-${ordinal(at + 1)}-of-${ordinal(shards.length)}.safetensors`;
    served.set(path, shardOf(tensors));
    for (const { name } of tensors) weightMap[name] = path;
  }
  served.set('model.safetensors.index.json', whole({ metadata: {}, weight_map: weightMap }));
  return served;
}

/** A model of hundreds of gigabytes of which only headers, configuration and tokenizer exist. */
export function headerStore(shape: MoeShape): ObjectStore {
  const uri = `memory:///${shape.modelType}`;
  const served = objectHeads(shape);

  function open(path: string): Promise<ByteSource> {
    const object = served.get(path);
    if (object === undefined) return Promise.reject(new ObjectMissing('no such object', { object: path }));
    return Promise.resolve({
      uri: `${uri}/${path}`,
      size: object.size,
      etag: path,
      readBytes: 8 * 1024 * 1024,
      read({ start, end }, into) {
        into.fill(0);
        into.set(object.bytes.subarray(start, end));
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    });
  }

  const refuse = (): Promise<never> =>
    Promise.reject(new ObjectMissing('nothing can be written', { object: uri }));
  return {
    uri,
    list: () =>
      Promise.resolve(
        [...served]
          .map(([path, { size }]) => ({ path, size, etag: path }))
          .sort((a, b) => (a.path < b.path ? -1 : 1)),
      ),
    open,
    write: refuse,
    remove: refuse,
    close: () => Promise.resolve(),
  };
}
