import { EXPORT_FORMATS } from '@jokbo/contracts';
import { Option, type Command } from 'commander';
import type { ExportCommandOptions } from '../actions/export.js';
import type { RunCommand } from '../command-context.js';
import { EXIT_HELP } from '../exit-code.js';
import { outputOption } from '../options.js';

export function addExportCommand(program: Command, run: RunCommand): void {
  program
    .command('export')
    .summary('write a result for spreadsheets, databases and code scanning')
    .description(
      'Writes a result document in another form; nothing is measured. jsonl, csv and parquet hold one row per ' +
        'component and reference; md is for people; sarif is for code scanning; spdx is an AI-BOM with declared and ' +
        'measured lineage. The same result gives the same bytes; spdx takes its time from SOURCE_DATE_EPOCH.',
    )
    .argument('<result>', 'result.json of an audit: a path or an s3:// object')
    .addOption(
      new Option('--format <format>', 'form of the output').choices(EXPORT_FORMATS).makeOptionMandatory(),
    )
    .addOption(outputOption())
    .option('--bom', 'start csv with a byte order mark, by which a Korean Excel knows UTF-8')
    .addHelpText(
      'after',
      `
Examples:
  jokbo export out/result.json --format csv --bom -o result.csv
  jokbo export out/result.json --format parquet -o result.parquet && duckdb -c "from 'result.parquet'"
  jokbo export out/result.json --format md --language ko -o result.md
${EXIT_HELP}`,
    )
    .action((which: string, options: ExportCommandOptions, self: Command) =>
      run(self, async (context) => {
        const { exportDocument } = await import('../actions/export.js');
        return exportDocument(context, which, options);
      }),
    );
}
