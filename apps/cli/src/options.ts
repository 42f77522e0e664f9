import type { Language } from '@jokbo/report';
import { InvalidArgumentError, Option } from 'commander';
import { FINDING_CLASSES } from './exit-code.js';
import { BACKEND_CHOICES, type BackendChoice, type VerdictClass } from '@jokbo/contracts';

/** Most threads that the kernels share one memory among. */
const MAX_THREADS = 64;

/** Joined features per pair: beyond this a sample holds every row of the largest model there is. */
const MAX_FEATURES = 2 ** 24;

/** Options of every command. Precedence: flag, then environment, then file, then default. */
export interface GlobalOptions {
  readonly work: string;
  readonly threads?: number;
  readonly backend: BackendChoice;
  readonly language?: Language;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: boolean;
}

export type OutputFormat = 'table' | 'json';

/** Options of commands with a main output. */
export interface OutputOptions {
  readonly format: OutputFormat;
  readonly output?: string;
}

/** Options of commands that judge. */
export interface FindingOptions {
  readonly failOn: VerdictClass;
  readonly failOnDeclared?: boolean;
}

export function globalOptions(): Option[] {
  return [
    new Option('--work <dir>', 'folder or s3:// prefix for everything that is kept')
      .env('JOKBO_WORK')
      .default('.jokbo'),
    new Option('--threads <n>', 'worker threads (default: all cores)')
      .env('JOKBO_THREADS')
      .argParser((text) => wholeNumber(text, 1, MAX_THREADS)),
    new Option('--backend <backend>', 'what computes; auto: TensorFlow where it has a GPU, else WASM')
      .env('JOKBO_BACKEND')
      .choices(BACKEND_CHOICES)
      .default('auto'),
    new Option('--language <language>', 'language of reports (default: that of the programme, else en)')
      .choices(['ko', 'en'])
      .env('JOKBO_LANGUAGE'),
    new Option('--no-color', 'no colours and no symbols beyond ASCII, as NO_COLOR'),
    new Option('--quiet', 'no progress and no notes on stderr'),
    new Option('--verbose', 'show the causes and stacks of an error'),
  ];
}

export function formatOption(): Option {
  return new Option('--format <format>', 'form of the main output')
    .choices(['table', 'json'])
    .default('table');
}

export function outputOption(): Option {
  return new Option('-o, --output <file>', 'write the main output to a file or s3:// object, - for stdout');
}

export function failOnOptions(): Option[] {
  return [
    new Option('--fail-on <class>', 'mildest verdict that is a finding (exit status 1)')
      .choices(FINDING_CLASSES)
      .default('partially_derived'),
    new Option('--fail-on-declared', 'ancestry that the team declared is a finding too'),
  ];
}

export function outOption(): Option {
  return new Option(
    '--out <dir>',
    'folder or s3:// prefix for report.html and result.json (default: <work>/out/<programme>)',
  );
}

/** @param otherwise rules that hold where none are named. */
export function rulesOption(otherwise: string): Option {
  return new Option(
    '--rules <file>',
    `rule set: a .yaml file, or the id of one that comes with Jokbo (default: ${otherwise})`,
  );
}

export function featuresOptions(): Option[] {
  const parse = (text: string): number => wholeNumber(text, 1, MAX_FEATURES);
  return [
    new Option('--features <n>', 'features per model that are sampled (default: 32768)').argParser(parse),
    new Option('--sample <n>', 'the same as --features').argParser(parse).conflicts('features').hideHelp(),
  ];
}

function wholeNumber(text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
}
