/** The writer's side of the format, for tests: plain, and independent of the reader. */

/** CRC-32 bit by bit. */
export function plainCrc32(bytes: Uint8Array, seed = 0): number {
  let crc = ~seed;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

const BLOCK = 32_768;
const HEADER = Uint8Array.of(0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0);

function frame(type: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(7);
  head.writeUInt32LE(plainCrc32(payload, plainCrc32(Uint8Array.of(type))), 0);
  head.writeUInt16LE(payload.length, 4);
  head.writeUInt8(type, 6);
  return Buffer.concat([head, payload]);
}

/** Records in the LevelDB log framing of `.wandb` files. */
export function encodeFrames(records: readonly Uint8Array[]): Uint8Array {
  const pieces: Uint8Array[] = [HEADER];
  let at = HEADER.length;
  const put = (piece: Uint8Array): void => {
    pieces.push(piece);
    at += piece.length;
  };
  for (const record of records) {
    let done = 0;
    let first = true;
    do {
      let left = BLOCK - (at % BLOCK);
      if (left < 7) {
        put(new Uint8Array(left));
        left = BLOCK;
      }
      const length = Math.min(record.length - done, left - 7);
      const last = done + length === record.length;
      put(frame(first ? (last ? 1 : 2) : last ? 4 : 3, record.subarray(done, done + length)));
      done += length;
      first = false;
    } while (done < record.length);
  }
  return Buffer.concat(pieces);
}

export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return [...bytes, rest];
}

/** A length-delimited field. */
export function bytesField(number: number, payload: Uint8Array | string): Uint8Array {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  return Buffer.concat([Uint8Array.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
}

export function varintField(number: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(number * 8), ...varint(value)]);
}

/** A `Record` with one history row; values are JSON texts by metric, nested names as lists. */
export function historyRecord(
  step: number,
  values: readonly (readonly [string | readonly string[], string])[],
): Uint8Array {
  const items = values.map(([name, json]) => {
    const key = typeof name === 'string' ? [bytesField(1, name)] : name.map((part) => bytesField(2, part));
    return bytesField(1, Buffer.concat([...key, bytesField(16, json)]));
  });
  const history = Buffer.concat([...items, bytesField(2, varintField(1, step))]);
  return Buffer.concat([varintField(1, step + 1), bytesField(2, history)]);
}
