import { MalformedCheckpoint, type ByteRange } from '@jokbo/contracts';

/**
 * Checks a range against the object and the memory it is to fill.
 *
 * @throws MalformedCheckpoint (`range-outside-object`) when the range is not within the object.
 * @throws RangeError when `into` has another length: a mistake of the caller, not of the data.
 */
export function checkRange(range: ByteRange, size: number, into: Uint8Array, object: string): void {
  const { start, end } = range;
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start || end > size) {
    throw new MalformedCheckpoint('range-outside-object', `The object has ${size} bytes`, {
      object,
      value: `${start}-${end}`,
    });
  }
  if (into.length !== end - start) {
    throw new RangeError(`A range of ${end - start} bytes does not fill ${into.length} bytes of memory`);
  }
}
