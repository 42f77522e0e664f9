import type { EvidenceRecord } from '@jokbo/contracts';
import type { MessageKey } from './messages.js';

/** Details of the third model begin so, e.g. `baseline_cosine` beside `cosine`. */
const BASELINE = 'baseline_';

/** In the order in which they are shown. */
const LABELS: ReadonlyMap<string, MessageKey> = new Map([
  ['cosine', 'context_cosine'],
  ['cosine_min', 'context_cosine_min'],
  ['cosine_max', 'context_cosine_max'],
  ['pearson', 'context_pearson'],
  ['pearson_max_abs', 'context_pearson_max_abs'],
  ['model', 'context_model'],
  ['models', 'context_models'],
]);

type Detail = number | string | null;

/** One figure of the norm context; undefined where the record has no such detail, null where not measured. */
export interface ContextRow {
  readonly name: string;
  readonly label: MessageKey | null;
  readonly pair: Detail | undefined;
  readonly baseline: Detail | undefined;
}

/** Lays the details of a `norm_context` record beside those of its third-model baseline; unknown names come last. */
export function contextRows(record: EvidenceRecord): ContextRow[] {
  const details = new Map(Object.entries(record.details));
  const found = new Set(
    [...details.keys()].map((name) => (name.startsWith(BASELINE) ? name.slice(BASELINE.length) : name)),
  );
  const known = [...LABELS.keys()].filter((name) => found.has(name));
  return [...new Set([...known, ...found])].map((name) => ({
    name,
    label: LABELS.get(name) ?? null,
    pair: details.get(name),
    baseline: details.get(`${BASELINE}${name}`),
  }));
}
