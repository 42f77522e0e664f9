import { DTYPE_BITS, type Dtype } from '@jokbo/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSafetensors, type EncodableTensor } from './encode-safetensors.js';
import { ruleOf } from './fixtures/rule-of.js';
import { parseHeader } from './parse-header.js';

const NAME = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .filter((name) => name !== '__metadata__' && Array.from(name).every((character) => character >= ' '));

const TENSOR: fc.Arbitrary<EncodableTensor> = fc
  .record({
    name: NAME,
    dtype: fc.constantFrom(...(Object.keys(DTYPE_BITS) as Dtype[])),
    // A last dimension of 8 makes whole bytes of every element type.
    shape: fc.array(fc.nat(3), { maxLength: 3 }).map((dimensions) => [...dimensions, 8]),
  })
  .chain(({ name, dtype, shape }) => {
    const length = (shape.reduce((product, dimension) => product * dimension, 1) * DTYPE_BITS[dtype]) / 8;
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((bytes) => ({ name, dtype, shape, bytes }));
  });

describe('encodeSafetensors', () => {
  it('writes what parseHeader reads, the same bytes for any order', () => {
    const tensors = fc.uniqueArray(TENSOR, { selector: ({ name }) => name, maxLength: 6 });
    const metadata = fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 });
    fc.assert(
      fc.property(tensors, metadata, (list, pairs) => {
        const file = encodeSafetensors(list, pairs);
        expect(encodeSafetensors([...list].reverse(), pairs)).toEqual(file);
        const header = parseHeader(file, file.length, 'file');
        expect((8 + header.headerLength) % 8).toBe(0);
        expect(header.metadata).toEqual(new Map(Object.entries(pairs)));
        const read = header.tensors.map(({ name, dtype, shape, begin, end }) => ({
          name,
          dtype,
          shape,
          bytes: file.slice(begin, end),
        }));
        const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
        expect(read.sort(byName)).toEqual([...list].sort(byName));
      }),
    );
  });

  it('writes these bytes', () => {
    const file = encodeSafetensors(
      [
        { name: 'b', dtype: 'U8', shape: [1], bytes: Uint8Array.of(7) },
        { name: 'a', dtype: 'F16', shape: [], bytes: Uint8Array.of(1, 2) },
      ],
      { z: '1', y: '2' },
    );
    const text =
      '{"__metadata__":{"y":"2","z":"1"},"a":{"dtype":"F16","shape":[],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}';
    expect(Buffer.from(file.subarray(8, 8 + text.length)).toString()).toBe(text);
    expect(
      Buffer.from(file.subarray(8 + text.length))
        .toString('latin1')
        .trimStart(),
    ).toBe('\x01\x02\x07');
  });

  it.each([
    ['duplicate-key', ['a', 'a'], 1],
    ['size', ['a'], 2],
    ['name-control-character', ['a\n'], 1],
    ['unicode', ['\ud800'], 1],
    ['metadata-type', ['__metadata__'], 1],
  ] as const)('refuses %s', (rule, names, length) => {
    const tensors = names.map((name) => ({
      name,
      dtype: 'U8' as const,
      shape: [1],
      bytes: new Uint8Array(length),
    }));
    expect(ruleOf(() => encodeSafetensors(tensors))).toBe(rule);
  });
});
