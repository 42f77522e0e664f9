import { createHash } from 'node:crypto';
import { canonicalJson } from '@jokbo/contracts';
import type { Factor } from '@jokbo/statistics';
import type { ModelPair } from './model-pair.js';
import type { SignedPermutation } from './signed-permutation.js';

/** Entries of a rotation that an artefact carries: a square of 512; beyond, its digest names it. */
const MAX_CARRIED_ENTRIES = 2 ** 18;

/** Name of an alignment that leaves everything where it stands. */
export const IN_PLACE = 'identity';

/** A recovered alignment, named and exported: what an administrator needs to check it by hand. */
export interface AlignmentMap {
  readonly kind: 'permutation' | 'rotation' | 'hidden_units' | 'heads';
  /** What the reference's weights were turned by, in words: `identity`, `permutation`, `rotation`, `width pruning` … */
  readonly name: string;
  /** Addresses of the two fingerprints. */
  readonly subject: string;
  readonly reference: string;
  readonly parts: readonly AlignedPart[];
  /** SHA-256 over everything else as canonical JSON. */
  readonly digest: string;
}

/** Alignment of one axis. */
export interface AlignedPart {
  /** `residual`, or the block whose hidden units or experts are matched. */
  readonly key: string;
  readonly reference_key: string;
  /** Index in the reference for each index in the subject; null = none. Null as a whole where it is no index map. */
  readonly columns: readonly (number | null)[] | null;
  /** One bit per entry of `columns`, most significant first, in hex: 1 = sign changed. Null where signs play no part. */
  readonly signs: string | null;
  /** Rotation, subject's × reference's dimensions, F32 little-endian in base64; null where there is none, or it is large. */
  readonly matrix: string | null;
  readonly matrix_shape: readonly [number, number] | null;
  /** SHA-256 of the matrix in F32. */
  readonly matrix_digest: string | null;
}

/** Finishes a map with its digest. */
export function alignmentMap(
  pair: Pick<ModelPair, 'subject' | 'reference'>,
  kind: AlignmentMap['kind'],
  name: string,
  parts: readonly AlignedPart[],
): AlignmentMap {
  const map = { kind, name, subject: pair.subject.id, reference: pair.reference.id, parts };
  return { ...map, digest: alignmentDigest(map) };
}

/** SHA-256 of a map but for its digest, as canonical JSON. */
export function alignmentDigest({
  kind,
  name,
  subject,
  reference,
  parts,
}: Omit<AlignmentMap, 'digest'>): string {
  const map = { kind, name, subject, reference, parts };
  return createHash('sha256').update(canonicalJson(map)).digest('hex');
}

/** Bytes of the artefact: canonical JSON. */
export function encodeAlignmentMap(map: AlignmentMap): Uint8Array {
  return new TextEncoder().encode(canonicalJson(map));
}

/** A matching as a part; `columns` beyond what was matched are null. */
export function indexPart(
  key: string,
  referenceKey: string,
  columns: readonly (number | null)[],
  signs: ArrayLike<number> | null = null,
): AlignedPart {
  return {
    key,
    reference_key: referenceKey,
    columns,
    signs: signs === null ? null : signBits(signs),
    matrix: null,
    matrix_shape: null,
    matrix_digest: null,
  };
}

/** A rotation as a part. */
export function rotationPart(overlap: Factor): AlignedPart {
  const { features, units } = overlap;
  const values = Float32Array.from(overlap.values);
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return {
    key: 'residual',
    reference_key: 'residual',
    columns: null,
    signs: null,
    matrix: features * units <= MAX_CARRIED_ENTRIES ? bytes.toString('base64') : null,
    matrix_shape: [features, units],
    matrix_digest: createHash('sha256').update(bytes).digest('hex'),
  };
}

/** A signed permutation as a part: reference dimension for every subject dimension. */
export function permutationPart({ own, other, signs }: SignedPermutation, width: number): AlignedPart {
  const columns = Array.from<number | null>({ length: width }).fill(null);
  const changed = new Int8Array(width).fill(1);
  own.forEach((dimension, unit) => {
    columns[dimension] = other[unit] ?? null;
    changed[dimension] = signs[unit] ?? 1;
  });
  return indexPart('residual', 'residual', columns, changed);
}

function signBits(signs: ArrayLike<number>): string {
  const bytes = new Uint8Array(Math.ceil(signs.length / 8));
  for (let at = 0; at < signs.length; at += 1) {
    const byte = Math.floor(at / 8);
    if ((signs[at] ?? 1) < 0) bytes[byte] = (bytes[byte] ?? 0) | (0x80 >> (at % 8));
  }
  return Buffer.from(bytes).toString('hex');
}
