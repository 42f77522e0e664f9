import { MalformedTrainingRecord, type ByteSource } from '@jokbo/contracts';
import { crc32 } from './crc32.js';
import type { WireMessage } from './wire-format.js';

/** `:W&B`, magic 0xBEE1 little-endian, version. */
const FILE_HEADER_BYTES = 7;
const MAGIC = [0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe] as const;
const VERSIONS: readonly number[] = [0, 1];

/** Bytes of a block of the LevelDB log format; the file header counts in the first. */
export const BLOCK_BYTES = 32_768;

/** CRC, length, type. */
const FRAME_HEADER_BYTES = 7;

/** Blocks read at a time: 1 MiB. */
const WINDOW_BLOCKS = 32;

/** Largest record put together from its frames; rows of a few thousand metrics have 1 MB. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/** Frame types; 3 is the middle of a record. */
const FULL = 1;
const FIRST = 2;
const LAST = 4;

/** Where a file ends inside a record: normal for one that was still being written. */
export interface CutTail {
  /** Offset of the first frame that is not whole, or that begins a record without end. */
  readonly offset: number;
}

/**
 * The records of an offline `.wandb` file: LevelDB log framing (blocks of 32 KiB; CRC, length, type FULL, FIRST,
 * MIDDLE, LAST) with zlib's CRC-32 over type and payload. One window of blocks and one record are in memory at a time.
 *
 * @returns where the tail was cut; null where the file ends with a whole record.
 * @throws MalformedTrainingRecord `header`, `crc`, `length`, `order`, `trailer`, `too-large`.
 */
export async function* wandbFrames(
  source: ByteSource,
  signal?: AbortSignal,
): AsyncGenerator<WireMessage, CutTail | null> {
  const { size, uri: object } = source;
  const window = new Uint8Array(Math.min(size, WINDOW_BLOCKS * BLOCK_BYTES));
  let pending: { readonly offset: number; readonly pieces: Uint8Array[]; length: number } | null = null;

  const fail = (rule: string, message: string, offset: number): MalformedTrainingRecord =>
    new MalformedTrainingRecord(rule, `${message} at byte ${offset}`, { object });

  for (let start = 0; start === 0 || start < size; start += window.length) {
    const bytes = window.subarray(0, Math.min(window.length, size - start));
    await source.read({ start, end: start + bytes.length }, bytes, signal);
    let at = 0;
    if (start === 0) {
      if (bytes.length < FILE_HEADER_BYTES || MAGIC.some((byte, index) => bytes[index] !== byte)) {
        throw fail('header', 'not a .wandb file', 0);
      }
      if (!VERSIONS.includes(bytes[6] ?? -1)) throw fail('header', `unknown version ${bytes[6] ?? ''}`, 6);
      at = FILE_HEADER_BYTES;
    }
    while (at < bytes.length) {
      const left = BLOCK_BYTES - (at % BLOCK_BYTES);
      if (left < FRAME_HEADER_BYTES) {
        const trailer = bytes.subarray(at, at + left);
        if (trailer.some((byte) => byte !== 0))
          throw fail('trailer', 'a block ends in other than zeros', start + at);
        at += trailer.length;
        continue;
      }
      const offset = start + at;
      if (bytes.length - at < FRAME_HEADER_BYTES) return { offset: pending?.offset ?? offset };
      const view = new DataView(bytes.buffer, bytes.byteOffset + at, FRAME_HEADER_BYTES);
      const length = view.getUint16(4, true);
      const type = view.getUint8(6);
      if (type < FULL || type > LAST) throw fail('type', `unknown frame type ${type}`, offset);
      if (FRAME_HEADER_BYTES + length > left)
        throw fail('length', `a frame of ${length} bytes leaves its block`, offset);
      if (FRAME_HEADER_BYTES + length > bytes.length - at) return { offset: pending?.offset ?? offset };
      const payload = bytes.subarray(at + FRAME_HEADER_BYTES, at + FRAME_HEADER_BYTES + length);
      if (crc32(payload, crc32(Uint8Array.of(type))) !== view.getUint32(0, true)) {
        throw fail('crc', 'a frame is not what its checksum says', offset);
      }
      at += FRAME_HEADER_BYTES + length;
      if ((type === FULL || type === FIRST) !== (pending === null)) {
        throw fail('order', 'frames of a record are out of order', offset);
      }
      if (type === FULL) {
        yield { bytes: payload, object, offset: offset + FRAME_HEADER_BYTES };
        continue;
      }
      pending ??= { offset, pieces: [], length: 0 };
      pending.length += length;
      if (pending.length > MAX_RECORD_BYTES) {
        throw fail('too-large', `a record of more than ${MAX_RECORD_BYTES} bytes`, pending.offset);
      }
      // The window is read over before the record is whole.
      pending.pieces.push(payload.slice());
      if (type === LAST) {
        const record = { bytes: Buffer.concat(pending.pieces), object, offset: pending.offset };
        pending = null;
        yield record;
      }
    }
  }
  return pending === null ? null : { offset: pending.offset };
}
