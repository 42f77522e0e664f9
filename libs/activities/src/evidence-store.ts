import { createHash } from 'node:crypto';
import {
  canonicalJson,
  ClassUnavailable,
  type ComparisonKind,
  type EvidenceRecord,
  type EvidenceReference,
  type LayerMap,
  type NumericClass,
  type PlannedComparison,
  type TensorBackend,
} from '@jokbo/contracts';
import type { AlignmentMap } from '@jokbo/evidence';
import type { PartStore } from '@jokbo/fingerprint';

/** Raised whenever the same fingerprints would give other evidence. */
export const EVIDENCE_VERSION = 9;

/** The evidence of one comparison as it is stored. */
export interface StoredEvidence {
  readonly records: readonly EvidenceRecord[];
  readonly maps: readonly LayerMap[];
  /** What tier 3 recovered; its records name theirs by digest. Absent where it did not run. */
  readonly alignments?: readonly AlignmentMap[];
  /** What measured it. Absent = WASM. */
  readonly backend?: 'tensorflow';
}

/** Evidence with the comparison that it is of. */
export interface ComparedEvidence {
  readonly comparison: PlannedComparison;
  readonly stored: StoredEvidence;
}

/** Over which elements a comparison was measured: all of them only where both sides could be read. */
export function modeOf({ records }: StoredEvidence): 'sampled' | 'full' {
  return records.some(({ mode }) => mode === 'full') ? 'full' : 'sampled';
}

/** Key of the evidence of two fingerprints, or of a share of it: everything that it depends on. */
export function evidenceKey(
  kind: ComparisonKind,
  subject: string,
  reference: string,
  mode: 'sampled' | 'full',
  share?: string,
  backend: TensorBackend['name'] = 'wasm',
): string {
  const measured = kind === 'negative' || kind === 'derivative' ? 'primaries' : kind;
  const of = share === undefined ? [] : [share];
  const numbers = numericClass({ name: backend });
  const parts = ['evidence', EVIDENCE_VERSION, measured, subject, reference, mode, ...of, ...numbers];
  return sha256(parts.join('|'));
}

/**
 * What the key of a measurement has beside its inputs where WASM did not make it: products of TensorFlow have other last
 * bits, and evidence of one class is never taken for that of another.
 */
export function numericClass({ name }: Pick<TensorBackend, 'name'>): readonly string[] {
  return name === 'tensorflow' ? ['tf-f32'] : [];
}

/** The class of what a backend measures, as references to evidence name it. */
export function classOf({ name }: Pick<TensorBackend, 'name'>): Pick<EvidenceReference, 'numericClass'> {
  return name === 'tensorflow' ? { numericClass: 'tf-f32' } : {};
}

/** What measures in a class; null where none is asked for. */
export function backendOf(numericClass: NumericClass | undefined): Pick<TensorBackend, 'name'> | null {
  if (numericClass === undefined) return null;
  return { name: numericClass === 'tf-f32' ? 'tensorflow' : 'wasm' };
}

/** @throws ClassUnavailable where a comparison is to be measured in another class than that of a backend. */
export function requireClass(
  { numericClass: wanted }: PlannedComparison,
  { name }: Pick<TensorBackend, 'name'>,
): void {
  const measuring = backendOf(wanted);
  if (measuring === null || (measuring.name === 'tensorflow') === (name === 'tensorflow')) return;
  throw new ClassUnavailable(`what is to be measured with ${measuring.name} is not measured with ${name}`, {
    value: wanted ?? '',
  });
}

/** The backend that measures, as stored evidence names it. */
export function measuredBy({ name }: Pick<TensorBackend, 'name'>): Pick<StoredEvidence, 'backend'> {
  return name === 'tensorflow' ? { backend: name } : {};
}

export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

export async function storeJson(parts: PartStore, key: string, value: unknown): Promise<void> {
  await parts.put(key, Buffer.from(canonicalJson(value)));
}

/** What `storeJson` stored under a key, or null. The store has checked its digest. */
export async function loadJson<T>(parts: PartStore, key: string): Promise<T | null> {
  const bytes = await parts.get(key);
  return bytes === null ? null : (JSON.parse(new TextDecoder().decode(bytes)) as T);
}
