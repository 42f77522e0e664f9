import { colourWanted, LONGEST_PROSE, plainJson, visibleText } from '@jokbo/report';
import pc from 'picocolors';
import type { CommandContext } from '../command-context.js';
import { checkDatabase } from '../doctor/check-database.js';
import { checkKernels } from '../doctor/check-kernels.js';
import { checkNode, checkThreads } from '../doctor/check-node.js';
import { checkS3 } from '../doctor/check-s3.js';
import { checkWorkFolder } from '../doctor/check-work-folder.js';
import type { Check } from '../doctor/check.js';
import { EXIT } from '../exit-code.js';
import type { OutputFormat } from '../options.js';
import { writeText } from '../terminal/write-text.js';

export interface DoctorOptions {
  readonly format: OutputFormat;
}

/** Checks the machine, one line per check. */
export async function doctor(context: CommandContext, { format }: DoctorOptions): Promise<number> {
  const { host, options, signal } = context;
  const { work, threads } = options;
  const colours = pc.createColors(options.color && colourWanted(process.env, host.stdout.isTTY === true));
  const paint = { ok: colours.green, warn: colours.yellow, fail: colours.red };
  const checks: Check[] = [];
  const steps: readonly (() => Check | null | Promise<Check | null>)[] = [
    () => checkNode(),
    () => checkThreads(threads),
    () => checkKernels(work, threads),
    () => checkWorkFolder(work),
    () => checkDatabase(work),
    () => checkS3(),
  ];
  for (const step of steps) {
    signal.throwIfAborted();
    const check = await step();
    if (check === null) continue;
    checks.push(check);
    if (format === 'json') continue;
    const line = `${paint[check.status](check.status.padEnd(4))}  ${check.name.padEnd(11)}  ${oneLine(check.detail)}`;
    await writeText(host.stdout, `${line}\n`);
  }
  if (format === 'json') {
    await writeText(host.stdout, `${plainJson({ schema_version: 1, checks })}\n`);
  }
  return checks.some(({ status }) => status === 'fail') ? EXIT.failed : EXIT.clean;
}

function oneLine(detail: string): string {
  return visibleText(detail.replace(/\s*\n\s*/g, ' | '), LONGEST_PROSE);
}
