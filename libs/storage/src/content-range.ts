import { WrongAnswer } from './s3-errors.js';

/** `Content-Range: bytes first-last/total`, all three known. */
export interface ContentRange {
  readonly first: number;
  /** Included. */
  readonly last: number;
  readonly total: number;
}

const CONTENT_RANGE = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16})$/;

/** @throws WrongAnswer for anything but one range of bytes with a known total. */
export function parseContentRange(header: string | undefined): ContentRange {
  const match = CONTENT_RANGE.exec(header ?? '');
  const first = Number(match?.[1]);
  const last = Number(match?.[2]);
  const total = Number(match?.[3]);
  if (!(Number.isSafeInteger(total) && first <= last && last < total)) {
    throw new WrongAnswer(`The answer has no usable Content-Range: ${header ?? 'absent'}`);
  }
  return { first, last, total };
}
