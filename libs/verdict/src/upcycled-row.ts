import { COMPONENTS, type Component, type EvidenceRecord } from '@jokbo/contracts';
import type { ComponentCase } from './component-case.js';
import { primariesOf } from './measurements.js';

/** A component that is held against another one of the reference, which lacks the component itself. */
export interface UpcycledRow {
  /** e.g. `experts<-mlp`. */
  readonly name: string;
  readonly against: Component;
  /** The measured primaries. */
  readonly records: readonly EvidenceRecord[];
}

/** Name of the row that a record belongs to; null for a record of the component itself. */
export function rowName(record: EvidenceRecord): string | null {
  const name = record.details['row'];
  return typeof name === 'string' ? name : null;
}

/** The row that the measured primaries of a component belong to; null where they are of the component itself. */
export function rowOf({ pair, component }: Pick<ComponentCase, 'pair' | 'component'>): UpcycledRow | null {
  const records = primariesOf(pair.records, component).filter((record) => rowName(record) !== null);
  const [first] = records;
  const against = COMPONENTS.find((name) => name === first?.details['against']);
  if (first === undefined || against === undefined) return null;
  return { name: rowName(first) ?? '', against, records };
}
