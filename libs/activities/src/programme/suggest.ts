/** Longest name for which a suggestion is looked for, in characters: the search is quadratic in it. */
const MAX_LENGTH = 64;

/**
 * ` (did you mean "…"?)` with the known name closest to `name`, or nothing when none is close: at most a third
 * of its characters may differ. The first of equally close names wins.
 */
export function didYouMean(name: string, known: Iterable<string>): string {
  if (name.length > MAX_LENGTH) return '';
  let best: string | null = null;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    if (candidate.length > MAX_LENGTH) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best === null ? '' : ` (did you mean ${JSON.stringify(best)}?)`;
}

/** Levenshtein distance: insertions, deletions and replacements. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
