import type { TeamStatements } from '@jokbo/contracts';
import type { declaredAncestor, teamReply } from '../schema/tables.js';

/** Replies of one team, in the order of the programme. */
export function teamReplyRows(
  runId: number,
  { subject, replies }: TeamStatements,
): (typeof teamReply.$inferInsert)[] {
  return replies.map(({ reference, component, date, author, text }, index) => ({
    runId,
    subject,
    position: index + 1,
    reference,
    component,
    day: date,
    author,
    reply: text,
  }));
}

/** What one team declared, in the order of the programme. */
export function declaredAncestorRows(
  runId: number,
  { subject, declared }: TeamStatements,
): (typeof declaredAncestor.$inferInsert)[] {
  return declared.map(({ from, reference, components, note, date, author }, index) => ({
    runId,
    subject,
    position: index + 1,
    ancestor: from,
    reference,
    components: [...components],
    note,
    day: date,
    author,
  }));
}
