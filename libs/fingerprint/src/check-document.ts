import {
  COMPONENTS,
  DTYPE_BITS,
  DigestMismatch,
  MalformedCheckpoint,
  SCOPES,
  type FingerprintDocument,
} from '@jokbo/contracts';
import { samplesDigest } from './samples.js';
import { SAMPLING_SCHEME } from './sampling.js';

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const DIGEST = /^[0-9a-f]{64}$/;
const HEX = /^(?:[0-9a-f]{2})*$/;

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const finite: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const count: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const digest: Check = (value) => typeof value === 'string' && DIGEST.test(value);
const oneOf =
  (values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const record =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    faultOf(value, checks) === null;

const MOMENTS = record({
  n: count,
  sum: finite,
  sum_squares: finite,
  min: orNull(finite),
  max: orNull(finite),
  zeros: count,
  not_finite: count,
  entropy_bits: finite,
});

const SAMPLE = record({
  features: count,
  units: count,
  dtype: oneOf(Object.keys(DTYPE_BITS)),
  of: count,
  granule: count,
  indices: orNull(listOf(count)),
  by: oneOf(['index', 'token']),
  digest,
});

const TENSOR: Readonly<Record<string, Check>> = {
  key: text,
  scope: oneOf(SCOPES),
  layer: orNull(count),
  role: text,
  expert: orNull(count),
  part: text,
  component: orNull(oneOf(COMPONENTS)),
  stored: text,
  dtype: oneOf(Object.keys(DTYPE_BITS)),
  shape: listOf(count),
  residual_axis: oneOf([0, 1, null]),
  digest,
  parameters: count,
  bytes: count,
  moments: MOMENTS,
  sample: orNull(SAMPLE),
};

const ARCHITECTURE = record({
  modelType: text,
  architecture: oneOf(['listed', 'unlisted']),
  hiddenSize: orNull(count),
  layers: orNull(count),
  heads: orNull(count),
  kvHeads: orNull(count),
  headDim: orNull(count),
  experts: orNull(count),
  routingGroups: (value) => value === undefined || count(value),
  vocabulary: orNull(count),
  tied: flag,
  visionWidth: orNull(count),
  visionHeads: orNull(count),
  mla: orNull(record({ nope: count, rope: count, value: count })),
  sinusoidal: (value) => value === undefined || listOf(oneOf(['text', 'vision', 'audio']))(value),
});

const DOCUMENT: Readonly<Record<string, Check>> = {
  schema_version: oneOf([1]),
  sampling: oneOf([SAMPLING_SCHEME]),
  features: count,
  architecture: ARCHITECTURE,
  files: listOf(record({ path: text, size: count, digest })),
  tensors: Array.isArray,
  excluded: listOf(record({ stored: text, reason: text, parameters: count })),
  findings: listOf(text),
  vocabulary: orNull(record({ size: count, digest })),
  tokens: orNull(listOf((value) => typeof value === 'string' && HEX.test(value))),
  samples_digest: digest,
};

/**
 * Checks a document that was handed over: every field that is read later has its type, keys are unique, and the
 * samples were made by the sampling scheme of this version (others are never compared).
 *
 * @throws MalformedCheckpoint `fingerprint`, naming the tensor and the field; DigestMismatch where the address of the
 * samples does not follow from their digests.
 */
export function checkDocument(value: unknown, object: string): FingerprintDocument {
  const field = faultOf(value, DOCUMENT);
  if (field !== null) throw wrong(field, { object, value: shown(fieldOf(value, field)) });
  const document = value as FingerprintDocument;
  const keys = new Set<string>();
  for (const tensor of document.tensors as readonly unknown[]) {
    const stored = fieldOf(tensor, 'stored');
    const name = typeof stored === 'string' ? { tensor: stored } : {};
    const fault = faultOf(tensor, TENSOR);
    if (fault !== null)
      throw wrong(`tensors: ${fault}`, { object, ...name, value: shown(fieldOf(tensor, fault)) });
    const key = String(fieldOf(tensor, 'key'));
    if (keys.has(key)) throw wrong('tensors: key', { object, ...name, value: key });
    keys.add(key);
  }
  if (samplesDigest(document.tensors) !== document.samples_digest) {
    throw new DigestMismatch('the digests of the samples are not those of their address', {
      object,
      value: document.samples_digest,
    });
  }
  return document;
}

/** The first field that is absent or of another kind; `''` where the value is no object at all. */
function faultOf(value: unknown, checks: Readonly<Record<string, Check>>): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
  const fields = value as Fields;
  return Object.keys(checks).find((name) => checks[name]?.(fields[name]) !== true) ?? null;
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Fields)[field] : value;
}

function wrong(
  field: string,
  context: { object: string; tensor?: string; value: string },
): MalformedCheckpoint {
  const what = field === '' ? 'not a fingerprint' : `not a fingerprint of version 1: ${field}`;
  return new MalformedCheckpoint('fingerprint', what, context);
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80);
}
