import { fingerprintSource, openSource } from '@jokbo/activities';
import { canonicalJson, type FingerprintDocument } from '@jokbo/contracts';
import {
  DEFAULT_FEATURES,
  FINGERPRINT_FILE,
  SAMPLES_FILE,
  writeFingerprint,
  type Fingerprint,
} from '@jokbo/fingerprint';
import { openStore } from '@jokbo/storage';
import { Option, type Command } from 'commander';
import { withWorkspace, type CommandContext, type RunCommand } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import { featuresOptions, formatOption, type OutputFormat } from '../options.js';
import { makeFolder } from '../make-folder.js';
import { belowWork } from '../report-files.js';
import { bytesText, countText } from '../terminal/figures.js';
import { visibleText } from '../terminal/visible-text.js';
import { writeText } from '../terminal/write-text.js';

/** Digits of the fingerprint's id that name its folder. */
const FOLDER_DIGITS = 16;

interface FingerprintCommandOptions {
  readonly output?: string;
  readonly format: OutputFormat;
  readonly features?: number;
  readonly sample?: number;
}

export function addFingerprintCommand(program: Command, run: RunCommand): void {
  const command = program
    .command('fingerprint')
    .summary('make the small stand-in of a model')
    .description(
      `Reads every byte of a model once and writes ${FINGERPRINT_FILE} and ${SAMPLES_FILE}: all that a comparison ` +
        'needs. Their folder is a source for every other command, where the weights need not be.',
    )
    .argument('<source>', 'folder or s3:// prefix of a model')
    .addOption(
      new Option(
        '-o, --output <dir>',
        'folder or s3:// prefix to write to (default: <work>/fingerprints/<id>)',
      ),
    )
    .addOption(formatOption());
  for (const option of featuresOptions()) command.addOption(option);
  command
    .addHelpText(
      'after',
      '\nExamples:\n  jokbo fingerprint models/base -o fingerprints/base\n' +
        '  jokbo compare models/subject fingerprints/base',
    )
    .action((source: string, options: FingerprintCommandOptions, self: Command) =>
      run(self, (context) => fingerprint(context, source, options)),
    );
}

async function fingerprint(
  context: CommandContext,
  uri: string,
  options: FingerprintCommandOptions,
): Promise<number> {
  const { features = options.sample ?? DEFAULT_FEATURES, format, output } = options;
  if (output !== undefined) await makeFolder(output);
  let bytesRead = 0;
  const made = await withWorkspace(context, async (workspace, progress) => {
    const source = await openSource(uri, context.signal);
    try {
      const counted: typeof progress = {
        ...progress,
        advance(stage, items, read = 0) {
          bytesRead += read;
          progress.advance(stage, items, read);
        },
      };
      return await fingerprintSource(source, {
        ...workspace,
        progress: counted,
        features,
        signal: context.signal,
      });
    } finally {
      await source.store.close();
    }
  });
  const folder = output ?? belowWork(context.options.work, `fingerprints/${made.id.slice(0, FOLDER_DIGITS)}`);
  const store = openStore(folder);
  try {
    context.signal.throwIfAborted();
    await writeFingerprint(made, store);
  } finally {
    await store.close();
  }
  const facts = fingerprintFacts(uri, folder, made.id, made.document, samplesLength(made), bytesRead);
  const text = format === 'json' ? `${canonicalJson(facts)}\n` : factsText(facts);
  await writeText(context.host.stdout, text);
  return EXIT.clean;
}

function samplesLength({ samples }: Fingerprint): number {
  return [...samples.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
}

function fingerprintFacts(
  source: string,
  folder: string,
  id: string,
  document: FingerprintDocument,
  sampleBytes: number,
  bytesRead: number,
) {
  const parametersOf = (list: readonly { readonly parameters: number }[]): number =>
    list.reduce((sum, { parameters }) => sum + parameters, 0);
  const mapped = parametersOf(document.tensors);
  return {
    schema_version: 1,
    id,
    source,
    folder,
    architecture: document.architecture.modelType,
    tensors: document.tensors.length + document.excluded.length,
    tensors_mapped: document.tensors.length,
    parameters: mapped + parametersOf(document.excluded),
    parameters_mapped: mapped,
    bytes: document.files.reduce((sum, { size }) => sum + size, 0),
    bytes_read: bytesRead,
    sample_bytes: sampleBytes,
    findings: document.findings,
  };
}

function factsText(facts: ReturnType<typeof fingerprintFacts>): string {
  const share = facts.parameters === 0 ? 0 : (100 * facts.parameters_mapped) / facts.parameters;
  const lines: readonly (readonly [name: string, value: string])[] = [
    ['id', facts.id],
    ['model', visibleText(facts.architecture)],
    ['bytes', `${bytesText(facts.bytes)}, ${bytesText(facts.bytes_read)} read now`],
    ['tensors', `${countText(facts.tensors)}, ${countText(facts.tensors_mapped)} mapped`],
    ['coverage', `${share.toFixed(2)} % of ${countText(facts.parameters)} parameters`],
    ['written', `${visibleText(facts.folder)} (samples ${bytesText(facts.sample_bytes)})`],
    ...facts.findings.map((finding): [string, string] => ['finding', visibleText(finding)]),
  ];
  return `${lines.map(([name, value]) => `${name.padEnd(9)} ${value}`).join('\n')}\n`;
}
