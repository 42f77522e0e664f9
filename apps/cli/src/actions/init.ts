import { stat } from 'node:fs/promises';
import { programmeTemplate } from '@jokbo/activities';
import { UsageError } from '@jokbo/contracts';
import { parseWritableUri } from '@jokbo/storage';
import { note, type CommandContext } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import { checkOutput, writeOutput } from '../output-file.js';

export interface InitOptions {
  readonly force?: boolean;
}

/** Writes the commented programme file. */
export async function init(context: CommandContext, file: string, options: InitOptions): Promise<number> {
  await checkOutput(file);
  if (options.force !== true && (await exists(file))) {
    throw new UsageError('the file exists already; --force overwrites it', { object: file });
  }
  await writeOutput(context, file, programmeTemplate());
  if (file !== '-') await note(context, `wrote ${file}; next: jokbo plan ${file}`);
  return EXIT.clean;
}

/** Whether a regular file would be overwritten; a device never is. */
async function exists(file: string): Promise<boolean> {
  const location = parseWritableUri(file);
  if (file === '-' || location.scheme === 's3') return false;
  return stat(location.folder).then(
    (found) => found.isFile(),
    () => false,
  );
}
