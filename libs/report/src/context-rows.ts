import type { EvidenceRecord } from '@jokbo/contracts';
import type { MessageKey } from './messages.js';

/** Details of the third model begin so, e.g. `baseline_cosine` beside `cosine`. */
const BASELINE = 'baseline_';

const LABELS: ReadonlyMap<string, MessageKey> = new Map([
  ['cosine', 'context_cosine'],
  ['pearson', 'context_pearson'],
]);

type Detail = number | string | null;

/** One figure of the norm context; undefined where the record has no such detail, null where not measured. */
export interface ContextRow {
  readonly name: string;
  readonly label: MessageKey | null;
  readonly pair: Detail | undefined;
  readonly baseline: Detail | undefined;
}

/** Lays the details of a `norm_context` record beside those of its third-model baseline. */
export function contextRows(record: EvidenceRecord): ContextRow[] {
  const details = new Map(Object.entries(record.details));
  const names = new Set(
    [...details.keys()].map((name) => (name.startsWith(BASELINE) ? name.slice(BASELINE.length) : name)),
  );
  return [...names].map((name) => ({
    name,
    label: LABELS.get(name) ?? null,
    pair: details.get(name),
    baseline: details.get(`${BASELINE}${name}`),
  }));
}
