import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedTrainingRecord } from '@jokbo/contracts';
import { encodeFrames } from './testing/encode-wandb.js';
import { memorySource } from './testing/memory-source.js';
import { MAX_RECORD_BYTES, wandbFrames, type CutTail } from './wandb-frames.js';

const RUN = fileURLToPath(
  new URL(
    '../../../../test/zoo/teams/a/open-mini/wandb/offline-run-20261123_203323-opnm1n25/run-opnm1n25.wandb',
    import.meta.url,
  ),
);

interface Frames {
  readonly records: Uint8Array[];
  readonly tail: CutTail | null;
}

async function framesOf(bytes: Uint8Array): Promise<Frames> {
  const records: Uint8Array[] = [];
  const frames = wandbFrames(memorySource(bytes));
  for (;;) {
    const next = await frames.next();
    if (next.done === true) return { records, tail: next.value };
    records.push(Uint8Array.from(next.value.bytes));
  }
}

const bytesOf = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + seed) & 0xff);

describe('wandbFrames', () => {
  it('reads every record of a real offline run', async () => {
    const { records, tail } = await framesOf(readFileSync(RUN));
    expect(records).toHaveLength(1210);
    expect(tail).toBeNull();
  });

  it('gives back what was framed, records longer than blocks and windows included', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.nat(200), fc.integer({ min: 32_700, max: 32_800 }), fc.nat(150_000)), {
          maxLength: 12,
        }),
        async (lengths) => {
          const records = lengths.map(bytesOf);
          const read = await framesOf(encodeFrames(records));
          expect(read.tail).toBeNull();
          expect(read.records.length).toBe(records.length);
          const same = read.records.map((record, index) => Buffer.compare(record, records[index] ?? record));
          expect(same.every((order) => order === 0)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
    const long = [bytesOf(1_200_000, 1), bytesOf(3, 2)];
    expect((await framesOf(encodeFrames(long))).records.map(({ length }) => length)).toEqual([1_200_000, 3]);
  });

  it('reports a cut tail, wherever it is cut, and keeps the whole records before it', async () => {
    const records = [bytesOf(10, 1), bytesOf(40_000, 2), bytesOf(5, 3)];
    const file = encodeFrames(records);
    const ends = [7 + 17, 7 + 17 + 40_014];
    for (const cut of [8, 20, ends[0] ?? 0, 5000, 32_768, 40_000, ends[1] ?? 0, file.length - 1]) {
      const { records: read, tail } = await framesOf(file.subarray(0, cut));
      const whole = ends.filter((end) => end <= cut).length;
      expect([cut, read.length]).toEqual([cut, whole]);
      expect(tail).toEqual(ends.includes(cut) ? null : { offset: whole === 0 ? 7 : ends[whole - 1] });
    }
  });

  it('never gives another record for a changed byte', async () => {
    const records = [bytesOf(10, 1), bytesOf(300, 2), bytesOf(5, 3)];
    const file = encodeFrames(records);
    for (let at = 0; at < file.length; at += 1) {
      const changed = Uint8Array.from(file);
      changed[at] = (changed[at] ?? 0) ^ 0x40;
      let read: Frames;
      try {
        read = await framesOf(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedTrainingRecord);
        expect(String(error)).toMatch(/at byte \d+ \(object memory:record\)/);
        continue;
      }
      // A length that now reaches beyond the end is a cut tail: records are missing, none is another.
      expect(read.tail).not.toBeNull();
      const same = read.records.map((record, index) =>
        Buffer.compare(record, records[index] ?? new Uint8Array(0)),
      );
      expect(same.every((order) => order === 0)).toBe(true);
    }
  });

  it.each([
    ['header', Buffer.from(':W&X\u00e1\u00be\0', 'latin1')],
    ['header', Uint8Array.of(0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 9)],
    ['header', new Uint8Array(0)],
  ])('refuses a file without its %s', async (rule, bytes) => {
    await expect(framesOf(bytes)).rejects.toMatchObject({ rule });
  });

  it('refuses frames out of order, a block that ends in other than zeros, and an endless record', async () => {
    const two = encodeFrames([bytesOf(40_000, 1)]);
    // The second frame of the record begins at the second block: without the first it continues nothing.
    const middle = Buffer.concat([two.subarray(0, 7), two.subarray(32_768)]);
    await expect(framesOf(middle)).rejects.toMatchObject({ rule: 'order' });
    const trailer = Uint8Array.from(encodeFrames([bytesOf(32_768 - 7 - 7 - 3, 1), bytesOf(1, 2)]));
    trailer[32_767] = 1;
    await expect(framesOf(trailer)).rejects.toMatchObject({ rule: 'trailer' });
    await expect(framesOf(encodeFrames([bytesOf(MAX_RECORD_BYTES + 1, 1)]))).rejects.toMatchObject({
      rule: 'too-large',
    });
  });

  it('reads a window at a time', async () => {
    const source = memorySource(
      encodeFrames(Array.from({ length: 400 }, (_, index) => bytesOf(9000, index))),
    );
    let count = 0;
    for await (const record of wandbFrames(source)) count += record.bytes.length > 0 ? 1 : 0;
    expect(count).toBe(400);
    expect(source.largestRead).toBe(1_048_576);
  });
});
