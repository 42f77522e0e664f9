import { UsageError } from '@jokbo/contracts';
import { programmeTemplate } from '@jokbo/activities';
import type { Command } from 'commander';
import { stat } from 'node:fs/promises';
import { parseUri } from '@jokbo/storage';
import { note, type CommandContext, type RunCommand } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import { checkOutput, writeOutput } from '../output-file.js';

interface InitOptions {
  readonly force?: boolean;
}

export function addInitCommand(program: Command, run: RunCommand): void {
  program
    .command('init')
    .summary('write a programme file to fill in')
    .description('Writes a commented programme file: releases, references, controls and rules of an audit.')
    .argument('[file]', 'where to write it, - for stdout', 'programme.yaml')
    .option('--force', 'overwrite a file that is there')
    .addHelpText('after', '\nExample:\n  jokbo init && $EDITOR programme.yaml && jokbo plan programme.yaml')
    .action((file: string, options: InitOptions, command: Command) =>
      run(command, (context) => init(context, file, options)),
    );
}

async function init(context: CommandContext, file: string, options: InitOptions): Promise<number> {
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
  const location = parseUri(file);
  if (file === '-' || location.scheme === 's3') return false;
  return stat(location.folder).then(
    (found) => found.isFile(),
    () => false,
  );
}
