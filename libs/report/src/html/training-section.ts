import type { TrainingSection, TrainingTest, TrajectoryPoint } from '@jokbo/contracts';
import { LANGUAGES } from '../messages.js';
import { formatDetail, formatR, formatZ } from '../numbers.js';
import { decidingFigure, largestReferenceZ, limitText } from '../training-figures.js';
import { trainingCode } from '../training-codes.js';
import { TRAINING_WORDS, type TrainingWords } from '../training-words.js';
import { escapeHtml, html, name, NOTHING, prose, type Html } from './markup.js';
import { LONGEST_PROSE, visibleText } from '../visible-text.js';
import type { Page } from './page.js';

/** A word in both languages; the style sheet shows one. */
function word(pick: (words: TrainingWords) => string): Html {
  const spans = LANGUAGES.map(
    (language) => `<span class="l" lang="${language}">${escapeHtml(pick(TRAINING_WORDS[language]))}</span>`,
  );
  return { markup: spans.join('') };
}

/** What a code says, in both languages. */
function codeWords(code: string): Html {
  const spans = LANGUAGES.map((language) => {
    const said = visibleText(trainingCode(code, language), LONGEST_PROSE);
    return `<span class="l" lang="${language}">${escapeHtml(said)}</span>`;
  });
  return { markup: spans.join('') };
}

function testRow(page: Page, test: TrainingTest): Html {
  const figure = decidingFigure(test);
  return html`<tr>
    <th scope="row">${word((words) => words.tests[test.test])}</th>
    <td>${word((words) => words.outcomes[test.outcome])}</td>
    <td>${codeWords(figure?.name ?? test.reason ?? '')}</td>
    ${page.text.cell(figure === null ? null : formatDetail(figure.value))}
    <td>${figure === null ? '' : limitText(figure)}</td>
    <td>${page.text.phrase(figure?.at ?? '')}</td>
  </tr> `;
}

function pointRow(page: Page, point: TrajectoryPoint): Html {
  return html`<tr>
    <th scope="row">${point.step}</th>
    ${page.text.cells([
      formatZ(point.start_z),
      formatR(point.start_share),
      formatZ(point.previous_z),
      formatR(point.previous_cosine),
      formatDetail(point.previous_step_ratio),
      formatZ(largestReferenceZ(point)),
    ])}
  </tr> `;
}

/** What is found, one after the other. */
function listed(items: readonly Html[]): Html {
  return html`${items.map((item, index) => (index === 0 ? item : html`; ${item}`))}`;
}

function figureList({ text }: Page, test: TrainingTest): Html {
  return html`<li>
    ${word((words) => words.tests[test.test])}:
    ${listed([
      ...test.figures
        .filter(({ value }) => value !== null)
        .map((figure) => {
          const limit = limitText(figure);
          const shown = formatDetail(figure.value) ?? '';
          return html`${text.phrase(figure.name)} ${shown}${limit === '' ? NOTHING : html` ${limit}`}`;
        }),
      ...test.findings.map(({ code, at, value }) => {
        const parts = [at, formatDetail(value)].flatMap((part) => (part === null ? [] : [part]));
        return html`${codeWords(code)}${parts.map((part) => html`: ${text.phrase(part)}`)}`;
      }),
    ])}
    ${test.findings_more === 0 ? NOTHING : html`${test.findings_more} ${word((words) => words.more)}`}
  </li> `;
}

function release(page: Page, section: TrainingSection, index: number): Html {
  const row = page.lookup.document.leaderboard.find(({ subject }) => subject === section.subject);
  return html`<section class="training">
    <h3>${name(row?.release ?? section.subject)}</h3>
    <div class="scroll" tabindex="0">
      <table class="figures" data-table="training-${index}">
        <thead>
          <tr>
            ${(['test', 'outcome', 'figure', 'value', 'limit', 'at'] as const).map(
              (key) => html`<th scope="col">${word((words) => words[key])}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${section.tests.map((test) => testRow(page, test))}
        </tbody>
      </table>
    </div>
    ${
      section.points.length === 0
        ? NOTHING
        : html`<div class="scroll" tabindex="0">
            <table class="figures" data-table="path-${index}">
              <thead>
                <tr>
                  ${(['step', 'start', 'share', 'previous', 'cosine', 'ratio', 'references'] as const).map(
                    (key) => html`<th scope="col">${word((words) => words[key])}</th>`,
                  )}
                </tr>
              </thead>
              <tbody>
                ${section.points.map((point) => pointRow(page, point))}
              </tbody>
            </table>
          </div>`
    }
    ${section.unreadable.map(({ message }) => html`<p>${word((words) => words.unreadable)}: ${prose(message)}</p> `)}
    <details>
      <summary>${word((words) => words.findings)}</summary>
      <ul>
        ${section.tests.map((test) => figureList(page, test))}
      </ul>
    </details>
    ${
      section.reproduce === undefined
        ? NOTHING
        : html`<h4>${page.text.label('reproduce')}</h4>
            <pre><code>${prose(section.reproduce)}</code></pre>`
    }
  </section> `;
}

/** The training records of every release that has some: tests, path, figures. Nothing where none has. */
export function trainingSection(page: Page): Html {
  const sections = page.lookup.document.training ?? [];
  if (sections.length === 0) return NOTHING;
  return html`<section id="training">
    <h2>${word((words) => words.title)}</h2>
    <p>${word((words) => words.note)}</p>
    ${sections.map((section, index) => release(page, section, index))}
  </section> `;
}
