import type { Component, ResultDocument, TeamStatements } from '@jokbo/contracts';
import type { Translate } from './messages.js';

/** One thing that a team said, in the form in which every report shows it. */
export interface Statement {
  readonly kind: 'statement_declared' | 'statement_reply';
  /** Id of the reference that it is about; null = all of them, or an ancestor that the audit lacks. */
  readonly reference: string | null;
  /** What a team called the ancestor, where the audit lacks it. */
  readonly ancestor: string | null;
  /** Empty = the whole model. */
  readonly components: readonly Component[];
  readonly date: string | null;
  readonly author: string | null;
  /** Paragraphs; none where a declaration has no note. */
  readonly lines: readonly string[];
}

/** What the team of a release said: declared lineage first, then replies, as the programme has them. */
export function statementsOf({ statements = [] }: ResultDocument, subject: string): Statement[] {
  const own = statements.find((entry) => entry.subject === subject);
  return own === undefined ? [] : [...declarations(own), ...replies(own)];
}

/** What a team said that bears on one reference; also what is about all of them. */
export function statementsOn(document: ResultDocument, subject: string, reference: string): Statement[] {
  return statementsOf(document, subject).filter(
    (statement) =>
      statement.reference === reference ||
      (statement.kind === 'statement_reply' && statement.reference === null),
  );
}

/** Replies to one component against one reference, those to more than that counted too. */
export function repliesTo(
  document: ResultDocument,
  subject: string,
  reference: string,
  component: Component,
): number {
  return statementsOn(document, subject, reference).filter(
    ({ kind, components }) =>
      kind === 'statement_reply' && (components.length === 0 || components.includes(component)),
  ).length;
}

/** What a statement is about, in words: components, then reference. */
export function statementScope(
  statement: Statement,
  t: Translate,
  nameOf: (id: string) => string,
  show: (text: string) => string,
): string {
  const { components, reference, ancestor } = statement;
  const parts = components.map((component) => t(`component_${component}`));
  const named = ancestor ?? (reference === null ? null : nameOf(reference));
  return [
    parts.length === 0 ? t('statement_whole') : parts.join(', '),
    named === null ? t('statement_all') : show(named),
  ].join(' × ');
}

function declarations({ declared }: TeamStatements): Statement[] {
  return declared.map(({ from, reference, components, note, date, author }) => ({
    kind: 'statement_declared',
    reference,
    ancestor: reference === null ? from : null,
    components,
    date,
    author,
    lines: linesOf(note ?? ''),
  }));
}

function replies(statements: TeamStatements): Statement[] {
  return statements.replies.map(({ reference, component, date, author, text }) => ({
    kind: 'statement_reply',
    reference,
    ancestor: null,
    components: component === null ? [] : [component],
    date,
    author,
    lines: linesOf(text),
  }));
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
