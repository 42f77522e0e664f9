import { MalformedCheckpoint, canonicalJson, type Dtype, type TensorMoments } from '@jokbo/contracts';

/** The sample of one logical tensor, and where its bytes lie in the samples of the partial. */
export interface MeasuredSample {
  readonly dtype: Dtype;
  readonly features: number;
  readonly units: number;
  readonly begin: number;
  readonly end: number;
  /** SHA-256 of its bytes, hex. */
  readonly digest: string;
}

/** One logical tensor as measured by one task. */
export interface MeasuredPart {
  readonly key: string;
  readonly stored: string;
  readonly digest: string;
  readonly parameters: number;
  readonly moments: TensorMoments;
  readonly sample: MeasuredSample | null;
}

/** What one task found: resumable, mergeable, independent of where the checkpoint lies. */
export interface Partial {
  readonly file: string;
  readonly header_digest: string | null;
  /** Stored tensors in file order, with the digest of their bytes. */
  readonly stored: readonly (readonly [string, string])[];
  readonly parts: readonly MeasuredPart[];
}

/** A partial and the bytes of its samples, one behind the other. */
export interface PartialWithSamples extends Partial {
  readonly samples: Uint8Array;
}

/** A partial that was just measured: the memory of its samples is its own, and can move to another thread. */
export interface MeasuredPartial extends PartialWithSamples {
  readonly samples: Uint8Array<ArrayBuffer>;
}

/** Bytes at the end of an encoded partial that hold the length of its document, little-endian. */
const TRAILER_BYTES = 8;

/**
 * A partial as pieces that follow one another in storage: the samples, not copied, its canonical JSON, and the length
 * of the JSON. The samples stand first: they are there before the document is known.
 */
export function partialPieces({ samples, ...document }: PartialWithSamples): [Uint8Array, Uint8Array] {
  const text = Buffer.from(canonicalJson(document));
  const tail = new Uint8Array(text.length + TRAILER_BYTES);
  tail.set(text);
  new DataView(tail.buffer).setBigUint64(text.length, BigInt(text.length), true);
  return [samples, tail];
}

/** @throws MalformedCheckpoint when the bytes are not a partial. */
export function decodePartial(bytes: Uint8Array, object: string): PartialWithSamples {
  const end = bytes.length - TRAILER_BYTES;
  if (end < 0) throw new MalformedCheckpoint('partial', 'not a partial fingerprint', { object });
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset + end).getBigUint64(0, true));
  if (length > end) throw new MalformedCheckpoint('partial', 'not a partial fingerprint', { object });
  const document = parsePartial(bytes.subarray(end - length, end), object);
  const samples = bytes.subarray(0, end - length);
  for (const { key, sample } of document.parts) {
    if (sample !== null && !(sample.begin >= 0 && sample.begin <= sample.end && sample.end <= samples.length))
      throw new MalformedCheckpoint('partial', 'a sample lies outside', { object, tensor: key });
  }
  return { ...document, samples };
}

/** The bytes of one sample, in place. */
export function sampleBytes(partial: PartialWithSamples, { sample }: MeasuredPart): Uint8Array | null {
  return sample === null ? null : partial.samples.subarray(sample.begin, sample.end);
}

function parsePartial(bytes: Uint8Array, object: string): Partial {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Partial;
  } catch (cause) {
    throw new MalformedCheckpoint('partial', 'a partial fingerprint is not JSON', { object, cause });
  }
}
