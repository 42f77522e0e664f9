import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedTrainingRecord } from '@jokbo/contracts';
import { bytesField, varint, varintField } from './testing/encode-wandb.js';
import { wireFields, wireText } from './wire-format.js';

const message = (bytes: Uint8Array, offset = 0) => ({ bytes, object: 'memory:record', offset });

describe('wireFields', () => {
  it('gives back the fields that were written, in order, with their offsets', () => {
    const field = fc.oneof(
      fc.record({ number: fc.integer({ min: 1, max: 2 ** 29 - 1 }), value: fc.maxSafeNat() }),
      fc.record({
        number: fc.integer({ min: 1, max: 2 ** 29 - 1 }),
        payload: fc.uint8Array({ maxLength: 300 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(field, { maxLength: 20 }), (fields) => {
        const bytes = Buffer.concat(
          fields.map((one) =>
            'value' in one ? varintField(one.number, one.value) : bytesField(one.number, one.payload),
          ),
        );
        const read = [...wireFields(message(bytes, 100))];
        expect(read.map(({ number }) => number)).toEqual(fields.map(({ number }) => number));
        read.forEach((one, index) => {
          const own = fields[index];
          if (one.kind === 'varint') expect(own).toMatchObject({ value: one.value });
          else {
            expect(own).toMatchObject({ payload: Uint8Array.from(one.message.bytes) });
            const start = one.message.offset - 100;
            expect(bytes.subarray(start, start + one.message.bytes.length)).toEqual(
              Buffer.from(one.message.bytes),
            );
          }
        });
      }),
    );
  });

  it('passes over fields of fixed width', () => {
    const bytes = Uint8Array.of(1 * 8 + 1, 1, 2, 3, 4, 5, 6, 7, 8, 2 * 8 + 5, 1, 2, 3, 4, 3 * 8, 7);
    expect([...wireFields(message(bytes))]).toEqual([{ number: 3, kind: 'varint', value: 7 }]);
  });

  it.each([
    ['a length beyond the message', Uint8Array.of(10, 200, 1, 0)],
    ['a length of 2^63', Uint8Array.of(10, ...Array.from({ length: 8 }, () => 0xff), 0x7f, 0)],
    ['a varint that does not end', Uint8Array.from({ length: 20 }, () => 0xff)],
    ['a varint that is cut', Uint8Array.of(8, 0x80)],
    ['field number 0', Uint8Array.of(0, 1)],
    ['a group', Uint8Array.of(11)],
    ['a fixed field that is cut', Uint8Array.of(13, 1, 2)],
  ])('refuses %s, naming the byte', (_, bytes) => {
    expect(() => [...wireFields(message(bytes, 4096))]).toThrow(MalformedTrainingRecord);
    expect(() => [...wireFields(message(bytes, 4096))]).toThrow(/at byte 4\d{3} \(object memory:record\)/);
  });

  it('reads any bytes to an end or a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect([...wireFields(message(bytes))].length).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedTrainingRecord);
        }
      }),
    );
  });
});

describe('wireText', () => {
  it('refuses what is not UTF-8', () => {
    expect(wireText(message(Buffer.from('학습')))).toBe('학습');
    expect(() => wireText(message(Uint8Array.of(0xff), 9))).toThrow(/not UTF-8 at byte 9/);
  });

  it('writes varints as the reader reads them', () => {
    expect(varint(300)).toEqual([0xac, 0x02]);
  });
});
