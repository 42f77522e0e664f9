import type { Command } from 'commander';
import type { DoctorOptions } from '../actions/doctor.js';
import type { RunCommand } from '../command-context.js';
import { formatOption } from '../options.js';

export function addDoctorCommand(program: Command, run: RunCommand): void {
  program
    .command('doctor')
    .summary('check this machine')
    .description(
      'Checks Node, the numeric kernels, threads, the work folder, the result database (which it starts or ' +
        'migrates as an audit would) and, where AWS_* or JOKBO_S3_* is set, S3. Exit status 0, or 3 when a check fails.',
    )
    .addOption(formatOption())
    .addHelpText('after', '\nExample:\n  jokbo doctor --work /data/jokbo')
    .action((options: DoctorOptions, self: Command) =>
      run(self, async (context) => {
        const { doctor } = await import('../actions/doctor.js');
        return doctor(context, options);
      }),
    );
}
