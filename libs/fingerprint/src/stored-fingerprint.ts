import { canonicalJson, type FingerprintDocument } from '@jokbo/contracts';
import {
  sealFingerprint,
  sha256Hex,
  type Fingerprint,
  type UnsealedFingerprint,
} from './fingerprint-file.js';
import { parseSamples, samplesFile } from './samples.js';

/** Where finished parts and fingerprints are kept, so that a run that was killed goes on where it stopped. */
export interface PartStore {
  get(key: string): Promise<Uint8Array | null>;
  /** @param value its bytes, or the pieces that follow one another in it. */
  put(key: string, value: Uint8Array | readonly Uint8Array[]): Promise<void>;
  /** Opens a value to be read in parts; absent where a value is best read whole. */
  open?(key: string): Promise<OpenPart | null>;
  /** Whether there is a value, which is not read; absent where only reading tells. */
  has?(key: string): Promise<boolean>;
}

/** A kept value, read in parts. Nobody has checked them yet. */
export interface OpenPart {
  readonly uri: string;
  readonly length: number;
  /** Bytes `start` to `end` (excluded) in fresh memory. */
  read(start: number, end: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Keeps a fingerprint under its id, its samples under their digest. The document is written out once for both. */
export async function storeFingerprint(
  parts: PartStore,
  { document, samples }: UnsealedFingerprint,
): Promise<Fingerprint> {
  const bytes = Buffer.from(canonicalJson(document));
  const id = sha256Hex(bytes);
  await parts.put(document.samples_digest, samplesFile(samples));
  await parts.put(id, bytes);
  return { id, document, samples };
}

/** The document of a fingerprint and its address, without the samples. */
export type AddressedDocument = Pick<Fingerprint, 'id' | 'document'>;

/** The document of the fingerprint with this id, without its samples, or null where it is not kept. */
export async function loadDocument(parts: PartStore, id: string): Promise<FingerprintDocument | null> {
  const bytes = await parts.get(id);
  return bytes === null ? null : (JSON.parse(new TextDecoder().decode(bytes)) as FingerprintDocument);
}

/** The fingerprint with this id, or null where it, or its samples, are not kept. */
export async function loadFingerprint(parts: PartStore, id: string): Promise<Fingerprint | null> {
  const document = await loadDocument(parts, id);
  if (document === null) return null;
  const samples = await parts.get(document.samples_digest);
  return samples === null ? null : sealFingerprint(document, parseSamples(samples, `fingerprint ${id}`));
}
