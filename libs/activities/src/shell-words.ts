/** Quoted for a POSIX shell where it needs to be. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The words of a line that {@link shellWord} quoted; null where a quote stays open or a word is not quoted. */
export function shellWords(line: string): string[] | null {
  const words: string[] = [];
  const word = /(?:[\w./:@%+=-]|'[^']*'|\\')+/y;
  for (let at = 0; at < line.length; at = word.lastIndex + 1) {
    word.lastIndex = at;
    const [found] = word.exec(line) ?? [];
    if (found === undefined || ![' ', undefined].includes(line[word.lastIndex])) return null;
    words.push(
      found.replace(/'([^']*)'|\\(')/g, (_, quoted?: string, quote?: string) => quoted ?? quote ?? ''),
    );
  }
  return words;
}
