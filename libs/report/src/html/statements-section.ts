import { statementScope, statementsOf, statementsOn, type Statement } from '../team-statements.js';
import { visibleText } from '../visible-text.js';
import { html, name, NOTHING, prose, type Html } from './markup.js';
import type { Page } from './page.js';

/** What the team of a release declares and answers, beside its findings. Nothing where it said nothing. */
export function releaseStatements(page: Page, subject: string): Html {
  return statementList(page, statementsOf(page.lookup.document, subject));
}

/** What the team said that bears on one pair, beside its verdict. */
export function pairStatements(page: Page, subject: string, reference: string): Html {
  return statementList(page, statementsOn(page.lookup.document, subject, reference));
}

function statementList(page: Page, statements: readonly Statement[]): Html {
  if (statements.length === 0) return NOTHING;
  const { text } = page;
  return html`<h4>${text.label('statements')}</h4>
    <p>${text.label('statements_note')}</p>
    ${statements.map((statement) => statementBlock(page, statement))}`;
}

function statementBlock({ text, lookup }: Page, statement: Statement): Html {
  const { kind, date, author, lines } = statement;
  return html`<blockquote>
    <p>
      <b>${text.label(kind)}</b> ${text.both((t) => statementScope(statement, t, lookup.nameOf, visibleText))}
    </p>
    ${lines.map((line) => html`<p>${prose(line)}</p> `)}${author === null && date === null ? NOTHING : signature(author, date)}
  </blockquote> `;
}

function signature(author: string | null, date: string | null): Html {
  return html`<footer>
    ${author === null ? NOTHING : name(author)}
    ${date === null ? NOTHING : html`<time datetime="${date}">${prose(date)}</time>`}
  </footer> `;
}
