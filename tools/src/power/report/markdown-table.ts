/** Fewest dashes under a heading. */
const SHORTEST = 3;

/** A Markdown table with its columns aligned, as the formatter of the repository writes it. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const escaped = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) =>
    Math.max(SHORTEST, ...escaped.map((row) => Array.from(row[column] ?? '').length)),
  );
  const line = (row: readonly string[], fill: string): string => {
    const cells = widths.map((width, column) => {
      const cell = row[column] ?? '';
      return cell + fill.repeat(width - Array.from(cell).length);
    });
    return `| ${cells.join(' | ')} |`;
  };
  const [first = [], ...others] = escaped;
  return [line(first, ' '), line([], '-'), ...others.map((row) => line(row, ' '))].join('\n');
}
