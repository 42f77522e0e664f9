import type { ComponentVerdict, EvidenceRecord, LayerMap, Method, PairResult } from '@jokbo/contracts';
import { html, type Html } from './markup.js';
import { recordLink, type Page } from './page.js';

/** Statistics whose cells a map shows. */
const MAPPED: Readonly<Record<NonNullable<LayerMap['statistic']>, readonly Method[]>> = {
  trace: ['trace', 'rank_trace', 'hidden_trace', 'attention_heads'],
  gram: ['residual_gram', 'hidden_gram', 'value_gram', 'expert_axis', 'shuffled_experts'],
  matching: ['matched_units'],
};

/** Records that a map shows layer by layer. */
export function mapRecords(pair: PairResult, map: LayerMap): EvidenceRecord[] {
  const methods = MAPPED[map.statistic ?? 'trace'];
  return pair.evidence.filter(
    ({ component, method }) => component === map.component && methods.includes(method),
  );
}

/** Records that the verdict on a component rests on: those of its reasons, else the one of its statistic. */
export function decidingRecords(pair: PairResult, verdict: ComponentVerdict): EvidenceRecord[] {
  const own = pair.evidence.filter(({ component }) => component === verdict.component);
  const named = new Set(verdict.reasons.flatMap(({ records }) => records));
  const deciding = own.filter(({ id }) => named.has(id));
  return deciding.length > 0
    ? deciding
    : own.filter(({ method, primary }) =>
        verdict.statistic === null ? primary : method === verdict.statistic,
      );
}

/** The names of the methods of some records, each a link to its record. */
export function recordLinks(page: Page, pair: PairResult, records: readonly EvidenceRecord[]): Html {
  if (records.length === 0) return page.text.label('none');
  const links = records.map(({ id, method }) => {
    const href = recordLink(page, pair, id);
    return href === null
      ? html`${page.text.phrase(method)} `
      : html`<a href="${href}">${page.text.phrase(method)}</a> `;
  });
  return html`${links}`;
}

/** A piece of a page as a link to a record, or as it is where the record is not known. */
export function linkedTo(
  page: Page,
  pair: PairResult,
  record: EvidenceRecord | undefined,
  shown: Html,
): Html {
  const href = record === undefined ? null : recordLink(page, pair, record.id);
  return href === null ? shown : html`<a href="${href}">${shown}</a>`;
}
