import { createHash } from 'node:crypto';

/** A strong entity tag: the same parts, the same bytes of the answer. */
export function entityTag(...parts: readonly (string | number | null)[]): string {
  return `"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url')}"`;
}

/** Whether a client names the tag in its `If-None-Match`. `*` names none: it asks whether there is anything. */
export function isHeld(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined || isAny(ifNoneMatch)) return false;
  return ifNoneMatch.split(',').some((held) => held.trim().replace(/^W\//, '') === tag);
}

/** Whether an `If-None-Match` stands for whatever there is (RFC 9110, 13.1.2). */
export function isAny(ifNoneMatch: string | undefined): boolean {
  return ifNoneMatch?.trim() === '*';
}
