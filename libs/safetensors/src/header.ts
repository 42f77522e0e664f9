import { MalformedCheckpoint, type StoredTensor } from '@jokbo/contracts';

/** One entry of a header: a stored tensor without its file; offsets are absolute in the file. */
export type HeaderTensor = Omit<StoredTensor, 'file'>;

/** What the header of one safetensors file says. */
export interface SafetensorsHeader {
  /** N: bytes of JSON text, padding included; the byte buffer starts at 8 + N. */
  readonly headerLength: number;
  readonly metadata: ReadonlyMap<string, string>;
  /** In the order of their bytes: by begin, then end, then name. */
  readonly tensors: readonly HeaderTensor[];
}

/** Bytes of N itself. */
export const LENGTH_BYTES = 8;

/** Largest N in bytes: the limit of the reference reader (safetensors 0.8.0, `MAX_HEADER_SIZE`). */
export const MAX_HEADER_BYTES = 100_000_000;

/** Most tensors or metadata entries in one file; the largest public model has about 500,000 in all shards. */
export const MAX_HEADER_ENTRIES = 1_000_000;

/** Longest tensor name in UTF-16 units; names go into reports and error messages. */
export const MAX_NAME_LENGTH = 4096;

/** Most dimensions; array libraries stop at 64. */
export const MAX_RANK = 64;

/**
 * Checks a tensor name of a header or an index.
 *
 * @throws MalformedCheckpoint `limits` or `name-control-character`.
 */
export function checkTensorName(name: string, object: string): void {
  if (name.length > MAX_NAME_LENGTH) {
    throw new MalformedCheckpoint('limits', `tensor name of ${name.length} characters`, {
      object,
      value: name.slice(0, 80),
    });
  }
  for (let index = 0; index < name.length; index += 1) {
    if (name.charCodeAt(index) < 0x20) {
      throw new MalformedCheckpoint('name-control-character', 'control character in a tensor name', {
        object,
        tensor: name,
      });
    }
  }
}
