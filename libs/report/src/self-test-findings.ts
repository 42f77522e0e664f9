import type { EvidenceRecord } from '@jokbo/contracts';
import type { DocumentLookup } from './document-lookup.js';
import type { Translate } from './messages.js';
import { formatZ } from './numbers.js';

/** What a release says about itself, without a reference: experts or layers that share an origin. */
export function selfTestSentences(
  { document }: DocumentLookup,
  subject: string,
  t: Translate,
  tell: (text: string) => string,
): string[] {
  const tests = (document.self_tests ?? []).find((entry) => entry.subject === subject);
  const measured = (tests?.records ?? []).filter(({ status }) => status === 'measured');
  const found = measured.flatMap((record) => {
    const map = record.details['map'];
    if (typeof map !== 'string') return [];
    const key = record.method === 'upcycled_experts' ? 'finding_self_experts' : 'finding_self_layers';
    return [t(key, { map: tell(map), z: largestZ([record], t) })];
  });
  if (found.length > 0 || measured.length === 0) return found;
  return [t('finding_self_clean', { z: largestZ(measured, t) })];
}

function largestZ(records: readonly EvidenceRecord[], t: Translate): string {
  const [first = null] = records.map(({ z }) => z).sort((a, b) => Math.abs(b ?? 0) - Math.abs(a ?? 0));
  return formatZ(first) ?? t('not_measured');
}
