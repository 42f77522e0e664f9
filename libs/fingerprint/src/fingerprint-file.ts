import { createHash } from 'node:crypto';
import {
  MalformedCheckpoint,
  canonicalJson,
  type FingerprintDocument,
  type ObjectStore,
} from '@jokbo/contracts';
import { readObject } from '@jokbo/storage';
import { checkDocument } from './check-document.js';
import { checkSamples, parseSamples, samplesFile, type Samples } from './samples.js';

/** A document and its samples, which have no address yet. */
export interface UnsealedFingerprint {
  readonly document: FingerprintDocument;
  readonly samples: Samples;
}

/** A fingerprint in memory: the document and its samples. */
export interface Fingerprint extends UnsealedFingerprint {
  /** SHA-256 of the canonical document: the fingerprint's address. */
  readonly id: string;
}

export const FINGERPRINT_FILE = 'fingerprint.json';
export const SAMPLES_FILE = 'fingerprint.safetensors';

/** A document of half a million tensors takes about 300 MB. */
const MAX_DOCUMENT_BYTES = 1024 ** 3;

/** Samples hold tens of thousands of features of a few thousand units; a 1 TB model stays below 1 GB. */
const MAX_SAMPLES_BYTES = 4 * 1024 ** 3;

export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Joins a document with its samples; the id follows from the content alone. */
export function sealFingerprint(document: FingerprintDocument, samples: Samples): Fingerprint {
  return { id: sha256Hex(canonicalJson(document)), document, samples };
}

/** Writes both files below `prefix`; the document last, so that a folder with one is complete. */
export async function writeFingerprint(
  fingerprint: Fingerprint,
  store: ObjectStore,
  prefix = '',
): Promise<void> {
  await store.write(`${prefix}${SAMPLES_FILE}`, Buffer.concat(samplesFile(fingerprint.samples)));
  await store.write(`${prefix}${FINGERPRINT_FILE}`, Buffer.from(`${canonicalJson(fingerprint.document)}\n`));
}

/**
 * Reads what `writeFingerprint` wrote, and checks it against its digests.
 *
 * @throws MalformedCheckpoint when the document is not one of a fingerprint; DigestMismatch when the samples
 * are not those that it names.
 */
export async function readFingerprint(
  store: ObjectStore,
  prefix = '',
  signal?: AbortSignal,
): Promise<Fingerprint> {
  const object = `${store.uri}/${prefix}${FINGERPRINT_FILE}`;
  const bytes = await readObject(store, `${prefix}${FINGERPRINT_FILE}`, MAX_DOCUMENT_BYTES, signal);
  const document = parseDocument(bytes, object);
  const samplesObject = `${store.uri}/${prefix}${SAMPLES_FILE}`;
  const samples = parseSamples(
    await readObject(store, `${prefix}${SAMPLES_FILE}`, MAX_SAMPLES_BYTES, signal),
    samplesObject,
  );
  checkSamples(document, samples, samplesObject);
  return sealFingerprint(document, samples);
}

function parseDocument(bytes: Uint8Array, object: string): FingerprintDocument {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new MalformedCheckpoint('fingerprint', 'the fingerprint is not JSON', { object, cause });
  }
  return checkDocument(document, object);
}
