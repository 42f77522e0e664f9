import type { Command } from 'commander';
import type { InitOptions } from '../actions/init.js';
import type { RunCommand } from '../command-context.js';

export function addInitCommand(program: Command, run: RunCommand): void {
  program
    .command('init')
    .summary('write a programme file to fill in')
    .description('Writes a commented programme file: releases, references, controls and rules of an audit.')
    .argument('[file]', 'where to write it, - for stdout', 'programme.yaml')
    .option('--force', 'overwrite a file that is there')
    .addHelpText('after', '\nExample:\n  jokbo init && $EDITOR programme.yaml && jokbo plan programme.yaml')
    .action((file: string, options: InitOptions, command: Command) =>
      run(command, async (context) => {
        const { init } = await import('../actions/init.js');
        return init(context, file, options);
      }),
    );
}
