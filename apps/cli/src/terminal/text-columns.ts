/**
 * Lines of a table whose numbers are right-aligned; the last column is free text, so that names of any script and
 * length need no measuring.
 */
export function textColumns(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head
    .slice(0, -1)
    .map((title, index) => Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, index) => cell.padStart(widths[index] ?? 0)).join('  ');
  return [line(head), ...rows.map(line)];
}
