import type { Component, EvidenceRecord, Method } from '@jokbo/contracts';

/** What the decision needs to know of one component of one model. */
export interface MeasuredComponent {
  readonly parameters: number;
  readonly bytes: number;
  /** Parameters in tensors that have a residual axis: those that blocks can speak about. */
  readonly eligible: number;
  /** Width of its residual stream; null where it has none. */
  readonly width: number | null;
}

/** One model as far as the decision is concerned. */
export interface MeasuredModel {
  readonly id: string;
  /** Models of one family are never each other's controls or calibration. */
  readonly family: string;
  readonly components: Readonly<Partial<Record<Component, MeasuredComponent>>>;
  /** Share of its parameters in tensors whose meaning is known, 0 to 1: the others are compared by nothing. */
  readonly mappedShare: number;
  /** Tensors with NaN or infinite elements, by component. */
  readonly notFinite: Readonly<Partial<Record<Component, readonly string[]>>>;
}

/** Evidence of one pair. */
export interface MeasuredPair {
  readonly subject: string;
  readonly reference: string;
  readonly records: readonly EvidenceRecord[];
}

/** The kinds of statistic that share one calibration. */
export type StatisticKind = 'trace' | 'gram' | 'hidden' | 'value';

const KIND_OF_METHOD: ReadonlyMap<Method, StatisticKind> = new Map([
  ['trace', 'trace'],
  ['balanced_trace', 'trace'],
  ['residual_gram', 'gram'],
  ['hidden_trace', 'trace'],
  ['hidden_gram', 'hidden'],
  ['value_gram', 'value'],
]);

/** Kind of a primary; null for records that are none. */
export function statisticKind(method: Method): StatisticKind | null {
  return KIND_OF_METHOD.get(method) ?? null;
}

/** The measured primaries of one component. */
export function primariesOf(records: readonly EvidenceRecord[], component: Component): EvidenceRecord[] {
  return records.filter(
    (record) => record.primary && record.component === component && record.status === 'measured',
  );
}

export function recordOf(
  records: readonly EvidenceRecord[],
  component: Component,
  method: Method,
): EvidenceRecord | undefined {
  return records.find(
    (record) => record.component === component && record.method === method && record.status === 'measured',
  );
}

/** The trace whose blocks localise what is inherited: over the residual axis, else the deciding one over hidden units. */
export function traceOf(
  records: readonly EvidenceRecord[],
  component: Component,
): EvidenceRecord | undefined {
  return (
    recordOf(records, component, 'trace') ??
    primariesOf(records, component).find(({ method }) => method === 'hidden_trace')
  );
}

/** A figure of a record's details as a number; null where it is absent or not a number. */
export function detail(record: EvidenceRecord | undefined, name: string): number | null {
  const value = record?.details[name];
  return typeof value === 'number' ? value : null;
}
