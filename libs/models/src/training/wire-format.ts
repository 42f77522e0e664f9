import { MalformedTrainingRecord } from '@jokbo/contracts';

/** A protobuf message in memory, and where its first byte lies in the file, for errors. */
export interface WireMessage {
  readonly bytes: Uint8Array;
  readonly object: string;
  readonly offset: number;
}

/** One field: a length-delimited one with its bytes, or a varint. Fields of fixed width are passed over. */
export type WireField =
  | { readonly number: number; readonly kind: 'bytes'; readonly message: WireMessage }
  | { readonly number: number; readonly kind: 'varint'; readonly value: number };

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/**
 * The fields of a protobuf message in the order of their bytes, without a schema (Protocol Buffers encoding
 * specification). Every length is checked against what is there before anything is taken.
 *
 * @throws MalformedTrainingRecord `protobuf` for a length beyond the message, a varint of more than ten bytes, field
 * number 0, or a wire type other than 0, 1, 2 and 5.
 */
export function* wireFields(message: WireMessage): Generator<WireField> {
  const { bytes, object, offset } = message;
  let at = 0;

  function fail(what: string): MalformedTrainingRecord {
    return new MalformedTrainingRecord('protobuf', `${what} at byte ${offset + at}`, { object });
  }

  /** As f64: values beyond 2^53 are rounded, which no field that is used can have. */
  function varint(): number {
    let value = 0;
    for (let index = 0; index < 10; index += 1) {
      const byte = bytes[at];
      if (byte === undefined) throw fail('the message ends in a number');
      at += 1;
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return value;
    }
    throw fail('a number of more than ten bytes');
  }

  function take(length: number): Uint8Array {
    if (length > bytes.length - at)
      throw fail(`a field of ${length} bytes where ${bytes.length - at} are left`);
    at += length;
    return bytes.subarray(at - length, at);
  }

  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    if (number < 1 || number > 0x1fff_ffff) throw fail('not a field number');
    switch (tag % 8) {
      case VARINT:
        yield { number, kind: 'varint', value: varint() };
        break;
      case FIXED64:
        take(8);
        break;
      case BYTES: {
        const length = varint();
        const start = offset + at;
        yield { number, kind: 'bytes', message: { bytes: take(length), object, offset: start } };
        break;
      }
      case FIXED32:
        take(4);
        break;
      default:
        throw fail(`unknown wire type ${tag % 8}`);
    }
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a length-delimited field. @throws MalformedTrainingRecord `unicode` when it is not UTF-8. */
export function wireText({ bytes, object, offset }: WireMessage): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new MalformedTrainingRecord('unicode', `text is not UTF-8 at byte ${offset}`, { object, cause });
  }
}
