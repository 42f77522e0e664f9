import { VERDICTS, type ResultDocument } from '@jokbo/contracts';
import { criteriaLines } from './criteria-lines.js';
import { leaderboardComponents, lookUp } from './document-lookup.js';
import { failureSentences } from './failures.js';
import { calibrationLine, releaseFindings, tier3Line } from './findings.js';
import { leaderboardTables, verdictMark } from './leaderboard-table.js';
import { sentenceWriter, toldCaveats } from './result-sentence.js';
import { terminalStyle, type TerminalOptions, type TerminalStyle } from './terminal-style.js';
import { trainingLines } from './training-lines.js';
import { COMPONENT_CODES } from './verdict-marks.js';
import { wrapParagraph, wrapText } from './wrap-text.js';

function legend(document: ResultDocument, style: TerminalStyle): string[] {
  const { t } = style;
  const marks = VERDICTS.map((verdict) => {
    const mark = verdictMark(verdict, style);
    return { plain: `${mark.text} ${t(`verdict_${verdict}`)}`, tone: mark.tone };
  });
  const lines: string[] = [];
  let plain = '';
  let painted = '';
  for (const { plain: text, tone } of [
    ...marks,
    { plain: `${style.absent} ${t('legend_absent')}`, tone: 'quiet' as const },
  ]) {
    const next = plain === '' ? text : `${plain}  ${text}`;
    if (plain !== '' && wrapText(next, style.width - 2).length > 1) {
      lines.push(`  ${painted}`);
      plain = text;
      painted = tone === undefined ? text : style.paint(tone, text);
    } else {
      painted = `${painted === '' ? '' : `${painted}  `}${tone === undefined ? text : style.paint(tone, text)}`;
      plain = next;
    }
  }
  lines.push(`  ${painted}`);
  const codes = leaderboardComponents(document)
    .map((component) => `${COMPONENT_CODES[component]} = ${t(`component_${component}`)}`)
    .join('; ');
  const columns = t('legend_columns', {
    share: t('share'),
    ctrl: t('controls_short'),
    cov: t('coverage_short'),
    refs: t('comparable_short'),
    nm: t('not_measured_short'),
  });
  return [
    style.strong(t('legend')),
    ...lines,
    ...[codes, columns]
      .filter((text) => text !== '')
      .flatMap((text) => wrapParagraph('  ', text, style.width)),
  ];
}

/**
 * The whole result for a terminal: findings in words, calibration, tier 3, caveats, and last, where the reader's eye
 * is when the command ends, legend, leaderboard and the day until which it is provisional.
 *
 * Fits `width` columns (at least 60): where the leaderboard is wider, names wrap, then the components stand in a
 * table of their own. Without colour the text holds no ANSI codes, and no symbol beyond ASCII.
 */
export function renderTerminal(document: ResultDocument, options: TerminalOptions): string {
  const language = options.language ?? document.programme.language;
  const style = terminalStyle(options, language);
  const { t } = style;
  const lookup = lookUp(document);
  const { objections_until: until } = document.programme;
  const caveats = toldCaveats(document).map(sentenceWriter(language));
  const paragraph = (prefix: string, text: string) => wrapParagraph(prefix, text, style.width);

  const findings = document.leaderboard.flatMap((row) => {
    const { headline, sentences } = releaseFindings(lookup, row, t, style.name, language);
    return [...paragraph('  ', headline), ...sentences.flatMap((sentence) => paragraph('    - ', sentence))];
  });
  const calibration =
    document.calibration.length === 0
      ? t('calibration_none')
      : document.calibration.map((item) => calibrationLine(item, t, language)).join('; ');

  const blocks: string[][] = [
    [
      style.strong(t('title')),
      ...paragraph(
        '',
        [
          t('programme', { name: style.name(document.programme.name) }),
          t('rules', { id: style.name(document.rules.id) }),
          t('tool', {
            version: style.name(document.tool.version),
            sampling: style.name(document.tool.sampling),
          }),
        ].join('; '),
      ),
    ],
    [style.strong(t('findings')), ...findings],
    ...(document.evaluations === undefined ? [] : [[...criteriaLines(document, style, language)]]),
    ...(document.training ?? []).flatMap((section) => {
      const row = document.leaderboard.find(({ subject }) => subject === section.subject);
      return trainingLines(section, row?.release ?? section.subject, style, language);
    }),
    [...paragraph(`${t('calibration')}: `, calibration), ...paragraph('', tier3Line(document.rules, t))],
    ...(document.failures === undefined
      ? []
      : [
          [
            style.strong(t('failures')),
            ...paragraph('  ', t('failures_note')),
            ...failureSentences(lookup, t, style.name).flatMap((sentence) => paragraph('  - ', sentence)),
          ],
        ]),
    [
      style.strong(t('caveats')),
      ...(caveats.length === 0
        ? [`  ${t('none')}`]
        : caveats.flatMap((caveat) => paragraph('  - ', style.prose(caveat)))),
    ],
    legend(document, style),
    ...(document.leaderboard.length === 0 ? [[t('none')]] : leaderboardTables(lookup, style)),
    ...(until === undefined ? [] : [paragraph('', t('objections_until', { day: style.name(until) }))]),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
