/**
 * A name pattern and the role it means. `$n` in the role is the group `n`; a `#` of the pattern inside
 * `experts.#` is the expert's index.
 */
export interface RoleRule {
  readonly role: string;
  readonly pattern: RegExp;
}

/** A rule whose whole alternation is anchored at both ends. */
export function roleRule(role: string, source: string): RoleRule {
  return { role, pattern: new RegExp(`^(?:${source})$`) };
}

/** The first rule that fits `text`. */
export function matchRole(
  rules: readonly RoleRule[],
  text: string,
): { readonly role: string; readonly expert: boolean } | null {
  for (const { role, pattern } of rules) {
    const match = pattern.exec(text);
    if (match === null) continue;
    return { role: role.replace('$n', match.groups?.['n'] ?? ''), expert: role.startsWith('moe.expert.') };
  }
  return null;
}
