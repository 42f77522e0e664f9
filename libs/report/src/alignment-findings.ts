import { POSITIVE_VERDICTS } from '@jokbo/contracts';
import type { DocumentLookup } from './document-lookup.js';
import type { Translate } from './messages.js';

/** The alignments under which a release follows a reference, by reference. */
export function alignmentSentences(
  { document, nameOf }: DocumentLookup,
  subject: string,
  t: Translate,
  name: (text: string) => string,
  tell: (text: string) => string = name,
): string[] {
  return document.pairs.flatMap(({ subject: own, reference, verdict, alignments = [] }) => {
    if (own !== subject || alignments.length === 0 || !POSITIVE_VERDICTS.includes(verdict.verdict)) return [];
    const names = [
      ...new Set(
        alignments.map((alignment) => `${t(`alignment_${alignment.kind}`)} (${tell(alignment.name)})`),
      ),
    ];
    return [t('finding_alignment', { reference: name(nameOf(reference)), names: names.join('; ') })];
  });
}
