import type { LeaderboardRow, ResultDocument } from '@jokbo/contracts';
import { releaseCriteria } from '../criteria-rows.js';
import { lookUp, type DocumentLookup } from '../document-lookup.js';
import { translator, type Language, type Translate } from '../messages.js';
import { formatDetail } from '../numbers.js';
import { sentenceWriter } from '../result-sentence.js';
import { decidingFigure, limitText } from '../training-figures.js';
import { statementScope, statementsOf } from '../team-statements.js';
import { trainingCode } from '../training-codes.js';
import { TRAINING_WORDS } from '../training-words.js';
import { LONGEST_PROSE } from '../visible-text.js';
import { tellPhrase } from '../words/result-words.js';
import { markdownText } from './markdown-text.js';

/** The criteria of the round for every release, one line of each; empty where the rule set has none. */
export function criteriaBlocks(document: ResultDocument, language: Language): string[] {
  const t = translator(language);
  const releases = releaseCriteria(document);
  const sentence = sentenceWriter(language, lookUp(document).nameOf);
  if (releases.length === 0) return [];
  return [
    `## ${t('criteria')}`,
    t('criteria_note'),
    ...releases.flatMap(({ release, rows }) => [
      `### ${markdownText(release)}`,
      rows
        .map(({ title, kind, outcome, reasons }) => {
          const why =
            reasons.length === 0 ? '' : `: ${markdownText(reasons.map(sentence).join('; '), LONGEST_PROSE)}`;
          return `- ${t(`outcome_${outcome}`)}: ${markdownText(title[language])} (${t(`kind_${kind}`)})${why}`;
        })
        .join('\n'),
    ]),
  ];
}

/** What the team of a release said, one line of each; empty where it said nothing. */
export function statementBlocks(
  { document, nameOf }: DocumentLookup,
  { subject }: LeaderboardRow,
  t: Translate,
): string[] {
  const statements = statementsOf(document, subject);
  if (statements.length === 0) return [];
  const lines = statements.map((statement) => {
    const { kind, date, author, lines } = statement;
    const said = [date, author].flatMap((part) => (part === null ? [] : [markdownText(part)]));
    const scope = statementScope(statement, t, nameOf, markdownText);
    const text = lines.length === 0 ? '' : `: ${markdownText(lines.join(' '), LONGEST_PROSE)}`;
    return `- ${t(kind)} (${[...said, scope].join('; ')})${text}`;
  });
  return [`${t('statements')}: ${t('statements_note')}`, lines.join('\n')];
}

/** The tests of a release's training records, one line of each; empty where it has none. */
export function trainingBlocks(
  { training = [] }: ResultDocument,
  { subject }: LeaderboardRow,
  language: Language,
): string[] {
  const words = TRAINING_WORDS[language];
  const section = training.find((one) => one.subject === subject);
  if (section === undefined) return [];
  const lines = section.tests.map((test) => {
    const figure = decidingFigure(test);
    const found =
      figure === null
        ? trainingCode(test.reason ?? '', language)
        : [
            tellPhrase(figure.name, language),
            formatDetail(figure.value) ?? '',
            limitText(figure),
            tellPhrase(figure.at ?? '', language),
          ].join(' ');
    const shown = found.trim() === '' ? '' : ` (${markdownText(found.trim().replace(/ +/g, ' '))})`;
    return `- ${words.tests[test.test]}: ${words.outcomes[test.outcome]}${shown}`;
  });
  return [`${words.title}: ${words.note}`, lines.join('\n')];
}
