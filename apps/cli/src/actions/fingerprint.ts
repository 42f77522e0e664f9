import { fingerprintSource, openSource } from '@jokbo/activities';
import type { FingerprintDocument } from '@jokbo/contracts';
import { DEFAULT_FEATURES, writeFingerprint, type Fingerprint } from '@jokbo/fingerprint';
import { formatBytes, formatExact, LONGEST_PROSE, plainJson, visibleText } from '@jokbo/report';
import { openStore } from '@jokbo/storage';
import { withWorkspace, type CommandContext } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import { makeFolder } from '../make-folder.js';
import type { OutputFormat } from '../options.js';
import { belowWork } from '../report-files.js';
import { writeText } from '../terminal/write-text.js';

/** Digits of the fingerprint's id that name its folder. */
const FOLDER_DIGITS = 16;

export interface FingerprintCommandOptions {
  readonly output?: string;
  readonly format: OutputFormat;
  readonly features?: number;
  readonly sample?: number;
}

/** Fingerprints a source and writes the two files that stand for it. */
export async function fingerprint(
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
  const text = format === 'json' ? `${plainJson(facts)}\n` : factsText(facts);
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
    ['bytes', `${formatBytes(facts.bytes)}, ${formatBytes(facts.bytes_read)} read now`],
    ['tensors', `${formatExact(facts.tensors)}, ${formatExact(facts.tensors_mapped)} mapped`],
    ['coverage', `${share.toFixed(2)} % of ${formatExact(facts.parameters)} parameters`],
    ['written', `${visibleText(facts.folder, LONGEST_PROSE)} (samples ${formatBytes(facts.sample_bytes)})`],
    ...facts.findings.map((finding): [string, string] => ['finding', visibleText(finding, LONGEST_PROSE)]),
  ];
  return `${lines.map(([name, value]) => `${name.padEnd(9)} ${value}`).join('\n')}\n`;
}
