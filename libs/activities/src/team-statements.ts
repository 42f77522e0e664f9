import type { DeclaredAncestor, LineageEntry, SubjectEntry, TeamStatements } from '@jokbo/contracts';
import type { StoredPlan } from './audit-plan.js';

/** What the teams of a plan declare and answer, in its order; nothing of subjects whose team did neither. */
export function teamStatements(plan: StoredPlan): TeamStatements[] {
  return plan.programme.subjects.flatMap((subject): TeamStatements[] => {
    const { id, replies = [] } = subject;
    const declared = declaredAncestors(plan, subject);
    return declared.length + replies.length === 0 ? [] : [{ subject: id, declared, replies }];
  });
}

function declaredAncestors(plan: StoredPlan, { lineage }: SubjectEntry): DeclaredAncestor[] {
  return lineage.map((entry) => ({
    from: entry.from,
    reference: plan.programme.references.find(({ id }) => namesReference(plan, entry, id))?.id ?? null,
    components: entry.components,
    note: entry.note,
    date: entry.date ?? null,
    author: entry.author ?? null,
  }));
}

/** Lineage names a reference by its id, or by that of the subject that lies at the same place. */
export function namesReference(plan: StoredPlan, { from }: LineageEntry, reference: string): boolean {
  const uriOf = (id: string): string | undefined => plan.entries.find((entry) => entry.id === id)?.uri;
  const uri = uriOf(reference);
  return from === reference || (uri !== undefined && uriOf(from) === uri);
}
