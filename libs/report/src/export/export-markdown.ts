import type { PairResult, ResultDocument } from '@jokbo/contracts';
import { coverageShare, lookUp, releaseLinkedShare, type DocumentLookup } from '../document-lookup.js';
import { failureSentences, isIncomplete } from '../failures.js';
import { calibrationLine, releaseFindings, tier3Line } from '../findings.js';
import { translator, type Language, type Translate } from '../messages.js';
import { nearestText } from '../nearest-references.js';
import { formatExact, formatLog10P, formatR, formatShare, formatZ } from '../numbers.js';
import { sentenceWriter, toldCaveats } from '../result-sentence.js';
import { LONGEST_PROSE } from '../visible-text.js';
import { tellPhrase } from '../words/result-words.js';
import { resultDigest } from './component-rows.js';
import { criteriaBlocks, statementBlocks, trainingBlocks } from './markdown-records.js';
import { markdownTable, markdownText } from './markdown-text.js';

/**
 * The result for people, as Markdown: leaderboard, what was found per release in sentences, training records, every
 * component × reference with its figures, and the criteria of the round.
 */
export function exportMarkdown(document: ResultDocument, language?: Language): string {
  const spoken = language ?? document.programme.language;
  const t = translator(spoken);
  const lookup = lookUp(document);
  const { programme, rules, tool } = document;
  const caveats = toldCaveats(document).map(sentenceWriter(spoken));
  const blocks = [
    `# ${t('title')}`,
    [
      t('programme', { name: markdownText(programme.name) }),
      t('rules', { id: markdownText(rules.id) }),
      t('tool', { version: markdownText(tool.version), sampling: markdownText(tool.sampling) }),
      `${t('digest')} ${resultDigest(document)}`,
    ].join('; '),
    ...(programme.objections_until === undefined
      ? []
      : [t('objections_until', { day: programme.objections_until })]),
    `## ${t('leaderboard')}`,
    leaderboardTable(lookup, t),
    `## ${t('findings')}`,
    ...document.leaderboard.flatMap((row) => {
      const { headline, sentences } = releaseFindings(lookup, row, t, markdownText, spoken);
      const pairs = document.pairs.filter(({ subject }) => subject === row.subject);
      return [
        `### ${markdownText(row.release)} (${markdownText(row.team)})`,
        headline,
        sentences.map((sentence) => `- ${sentence}`).join('\n'),
        ...statementBlocks(lookup, row, t),
        ...trainingBlocks(document, row, spoken),
        componentTable(lookup, pairs, spoken),
      ];
    }),
    ...criteriaBlocks(document, spoken),
    `## ${t('calibration')}`,
    document.calibration.length === 0
      ? t('calibration_none')
      : document.calibration.map((item) => `- ${calibrationLine(item, t, spoken)}`).join('\n'),
    tier3Line(rules, t),
    ...(document.failures === undefined
      ? []
      : [
          `## ${t('failures')}`,
          t('failures_note'),
          failureSentences(lookup, t, markdownText)
            .map((sentence) => `- ${sentence}`)
            .join('\n'),
        ]),
    `## ${t('caveats')}`,
    caveats.length === 0
      ? t('none')
      : caveats.map((caveat) => `- ${markdownText(caveat, LONGEST_PROSE)}`).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function leaderboardTable(lookup: DocumentLookup, t: Translate): string {
  return markdownTable(
    [
      t('outcome'),
      t('team'),
      t('release'),
      t('nearest'),
      t('share_long'),
      t('controls_long'),
      t('coverage_long'),
      t('comparable_short'),
    ],
    lookup.document.leaderboard.map((row) => [
      t(`verdict_${row.outcome}`) +
        (row.declared ? ` (${t('declared')})` : '') +
        (isIncomplete(lookup.document, row.subject) ? ` (${t('incomplete')})` : ''),
      markdownText(row.team),
      markdownText(row.release),
      nearestText(lookup, row, t, markdownText),
      formatShare(releaseLinkedShare(row)) ?? t('not_measured'),
      `${row.controls_passed}/${row.controls_due}`,
      formatShare(coverageShare(lookup.modelOf(row.subject))) ?? t('not_measured'),
      `${row.comparable_references}/${row.references}`,
    ]),
  );
}

function componentTable(lookup: DocumentLookup, pairs: readonly PairResult[], language: Language): string {
  const t = translator(language);
  const shown = (figure: string | null): string => figure ?? t('not_measured');
  return markdownTable(
    [
      t('reference'),
      t('component'),
      t('verdict'),
      t('statistic'),
      t('z'),
      t('log10_p'),
      t('r'),
      t('bytes_identical'),
    ],
    pairs.flatMap((pair) =>
      pair.verdict.components.map((item) => [
        markdownText(lookup.nameOf(pair.reference)),
        t(`component_${item.component}`),
        t(`verdict_${item.verdict}`),
        item.statistic === null ? t('none') : markdownText(tellPhrase(item.statistic, language)),
        shown(formatZ(item.z)),
        shown(formatLog10P(item.log10_p)),
        shown(formatR(item.r)),
        formatExact(item.bytes_identical),
      ]),
    ),
  );
}
