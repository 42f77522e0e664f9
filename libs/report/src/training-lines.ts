import type { TrainingOutcome, TrainingSection, TrainingTest, TrajectoryPoint } from '@jokbo/contracts';
import { formatDetail, formatR, formatZ, type Figure } from './numbers.js';
import { rowColumns } from './row-columns.js';
import type { Language } from './messages.js';
import type { TerminalStyle } from './terminal-style.js';
import { drawTables, type TextCell } from './text-table.js';
import { decidingFigure, largestReferenceZ, limitText } from './training-figures.js';
import { trainingCode } from './training-codes.js';
import { TRAINING_WORDS } from './training-words.js';
import type { Tone } from './verdict-marks.js';
import { tellPhrase } from './words/result-words.js';
import { wrapParagraph } from './wrap-text.js';

const TONES: Readonly<Record<TrainingOutcome, Tone>> = {
  pass: 'neutral',
  fail: 'strong',
  not_provided: 'quiet',
};

/** Findings of a failed test that a terminal lists. */
const LISTED_FINDINGS = 10;

/**
 * The training section of one release for a terminal, in blocks of lines.
 *
 * @param release its name.
 */
export function trainingLines(
  section: TrainingSection,
  release: string,
  style: TerminalStyle,
  language: Language,
): string[][] {
  const words = TRAINING_WORDS[language];
  return [
    [style.strong(`${words.title}: ${style.name(release)}`)],
    ...testTables(section.tests, style, language),
    wrapParagraph('', words.note, style.width),
    ...(section.points.length === 0
      ? []
      : [[style.strong(words.path)], ...pointTables(section.points, style, language)]),
    ...findingLines(section, style, language),
  ];
}

function testTables(tests: readonly TrainingTest[], style: TerminalStyle, language: Language): string[][] {
  const words = TRAINING_WORDS[language];
  const column = rowColumns<TrainingTest>(tests);
  const figureOf = (draw: (figure: NonNullable<ReturnType<typeof decidingFigure>>) => string) => {
    return (test: TrainingTest): TextCell => {
      const figure = decidingFigure(test);
      return { text: figure === null ? '' : style.prose(draw(figure)) };
    };
  };
  return drawTables(
    [
      column(words.test, 0, 12, 'left', (test) => ({ text: words.tests[test.test] })),
      column(words.outcome, 1, 8, 'left', (test) => ({
        text: words.outcomes[test.outcome],
        tone: TONES[test.outcome],
      })),
      column(words.figure, 1, 12, 'left', (test) => {
        const figure = decidingFigure(test);
        return { text: style.prose(trainingCode(figure?.name ?? test.reason ?? '', language)) };
      }),
      column(
        words.value,
        1,
        null,
        'right',
        figureOf(({ value }) => shortFigure(value) ?? ''),
      ),
      column(words.limit, 1, null, 'right', figureOf(limitText)),
      column(
        words.at,
        1,
        12,
        'left',
        figureOf(({ at }) => tellPhrase(at ?? '', language)),
      ),
    ],
    style.width,
    style,
  );
}

/** Whole numbers as they are, others in four significant digits. */
function shortFigure(value: number | null): Figure {
  return value === null || Number.isInteger(value)
    ? formatDetail(value)
    : formatDetail(Number(value.toPrecision(4)));
}

function pointTables(
  points: readonly TrajectoryPoint[],
  style: TerminalStyle,
  language: Language,
): string[][] {
  const words = TRAINING_WORDS[language];
  const column = rowColumns<TrajectoryPoint>(points);
  const number = (head: string, draw: (point: TrajectoryPoint) => Figure) =>
    column(head, 1, 8, 'right', (point) => ({ text: draw(point) ?? style.absent }));
  return drawTables(
    [
      column(words.step, 0, null, 'right', ({ step }) => ({ text: String(step) })),
      number(words.start, (point) => formatZ(point.start_z)),
      number(words.share, (point) => formatR(point.start_share)),
      number(words.previous, (point) => formatZ(point.previous_z)),
      number(words.cosine, (point) => formatR(point.previous_cosine)),
      number(words.ratio, (point) => shortFigure(point.previous_step_ratio)),
      number(words.references, (point) => formatZ(largestReferenceZ(point))),
    ],
    style.width,
    style,
  );
}

function findingLines(section: TrainingSection, style: TerminalStyle, language: Language): string[][] {
  const words = TRAINING_WORDS[language];
  const paragraph = (text: string): string[] => wrapParagraph('  - ', style.prose(text), style.width);
  const failed = section.tests.filter(({ outcome, findings }) => outcome === 'fail' && findings.length > 0);
  const blocks = failed.map((test) => {
    const listed = test.findings.slice(0, LISTED_FINDINGS);
    const more = test.findings.length - listed.length + test.findings_more;
    return [
      style.strong(`${words.findings}: ${words.tests[test.test]}`),
      ...listed.flatMap(({ code, at, value }) =>
        paragraph(
          [code, at ?? '', value === null ? '' : String(value)]
            .map((part, index) => (index === 0 ? trainingCode(part, language) : tellPhrase(part, language)))
            .filter((part) => part !== '')
            .join(': '),
        ),
      ),
      ...(more === 0 ? [] : [`  - ${more} ${words.more}`]),
    ];
  });
  const unread = section.unreadable.flatMap(({ message }) => paragraph(message));
  return unread.length === 0 ? blocks : [...blocks, [style.strong(words.unreadable), ...unread]];
}
