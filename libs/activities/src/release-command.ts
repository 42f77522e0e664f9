import { UsageError, type ResultDocument } from '@jokbo/contracts';
import { parseReproduceCommand, type Reproduction } from './reproduce-command.js';

/**
 * What the first pair of a release names: where the release lies, and how it was sampled.
 *
 * @throws UsageError where no pair of it names a command that could be run.
 */
export function releaseCommand({ pairs }: ResultDocument, subject: string): Reproduction {
  for (const pair of pairs) {
    const command = pair.subject === subject ? parseReproduceCommand(pair.reproduce) : null;
    if (command !== null) return command;
  }
  throw new UsageError('the result does not say where this release lies', { value: subject });
}
