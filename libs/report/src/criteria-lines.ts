import type { CriterionOutcome, ResultDocument } from '@jokbo/contracts';
import { releaseCriteria } from './criteria-rows.js';
import { lookUp } from './document-lookup.js';
import type { Language } from './messages.js';
import { sentenceWriter } from './result-sentence.js';
import type { TerminalStyle } from './terminal-style.js';
import { wrapParagraph } from './wrap-text.js';

const OUTCOMES: readonly CriterionOutcome[] = ['fail', 'not_provided', 'pass'];

/**
 * The criteria of every release for a terminal: each that fails or is open with its reasons, those that pass in one line. Nothing where the rule set has no criteria.
 */
export function criteriaLines(
  document: ResultDocument,
  style: TerminalStyle,
  language: Language,
): readonly string[] {
  const { t } = style;
  const releases = releaseCriteria(document);
  const sentence = sentenceWriter(language, lookUp(document).nameOf);
  if (releases.length === 0) return [];
  return [
    style.strong(t('criteria')),
    ...wrapParagraph('  ', t('criteria_note'), style.width),
    ...releases.flatMap(({ release, rows }) => [
      ...wrapParagraph('  ', style.name(release), style.width),
      ...OUTCOMES.flatMap((outcome) => {
        const such = rows.filter((row) => row.outcome === outcome);
        if (such.length === 0) return [];
        const names = such.map(({ title, kind }) => `${style.prose(title[language])} (${t(`kind_${kind}`)})`);
        const said =
          outcome === 'pass'
            ? [names.join('; ')]
            : such.map(
                ({ reasons }, at) => `${names[at] ?? ''}: ${style.prose(reasons.map(sentence).join('; '))}`,
              );
        return said.flatMap((text) =>
          wrapParagraph('    - ', `${t(`outcome_${outcome}`)}: ${text}`, style.width),
        );
      }),
    ]),
  ];
}
