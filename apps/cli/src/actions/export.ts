import { UsageError, type ExportFormat } from '@jokbo/contracts';
import { exportResult } from '@jokbo/report';
import type { CommandContext } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import { checkOutput, isStandardOutput, writeBytes } from '../output-file.js';
import { readResult } from '../read-result.js';

export interface ExportCommandOptions {
  readonly format: ExportFormat;
  readonly output?: string;
  readonly bom?: boolean;
}

/** Latest time that a date can hold, in seconds since 1970. */
const MAX_EPOCH_S = 8.64e12;

/** Writes a result document in another form. */
export async function exportDocument(
  context: CommandContext,
  which: string,
  options: ExportCommandOptions,
): Promise<number> {
  const { format, output, bom } = options;
  if (bom === true && format !== 'csv') {
    throw new UsageError('a byte order mark is for csv alone', { value: format });
  }
  if (format === 'parquet' && isStandardOutput(output) && context.host.stdout.isTTY === true) {
    throw new UsageError('parquet is binary: name a file with -o, or send it to another command');
  }
  await checkOutput(output);
  const document = await readResult(which, context.signal);
  const exported = exportResult(document, format, {
    bom,
    language: context.options.language,
    created: sourceDateEpoch(),
  });
  await writeBytes(context, output, typeof exported === 'string' ? Buffer.from(exported) : exported);
  return EXIT.clean;
}

/** Seconds since 1970 of `SOURCE_DATE_EPOCH`; undefined where it is not set. */
function sourceDateEpoch(): number | undefined {
  const text = process.env['SOURCE_DATE_EPOCH'] ?? '';
  if (text === '') return undefined;
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds <= MAX_EPOCH_S) return seconds;
  throw new UsageError('SOURCE_DATE_EPOCH is not a number of seconds since 1970', { value: text });
}
