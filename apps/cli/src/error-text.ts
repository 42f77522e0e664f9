import { JokboError } from '@jokbo/contracts';
import { LONGEST_PROSE, visibleText } from '@jokbo/report';

/** Causes that are shown; a longer chain is a loop. */
const MAX_CAUSES = 10;

/**
 * What a user reads of an error: one line for one that Jokbo raised on purpose, with every cause and stack under
 * `--verbose`; the stack of any other, since nobody foresaw it.
 */
export function errorText(error: unknown, verbose: boolean): string {
  const lines = [`jokbo: ${headline(error)}`];
  if (verbose || !(error instanceof JokboError)) {
    lines.push(...stackLines(error));
    let cause = causeOf(error);
    for (let depth = 0; depth < MAX_CAUSES && cause !== undefined; depth += 1) {
      lines.push(`caused by ${headline(cause)}`, ...stackLines(cause));
      cause = causeOf(cause);
    }
  }
  return `${lines.join('\n')}\n`;
}

function headline(error: unknown): string {
  if (!(error instanceof Error)) return visibleText(String(error), LONGEST_PROSE);
  return `${error.name}: ${visibleText(error.message.trim().replace(/\s*\n\s*/g, ' | '), LONGEST_PROSE)}`;
}

function stackLines(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => visibleText(line, LONGEST_PROSE));
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
