import { LONGEST_PROSE, plainJson, visibleText } from '@jokbo/report';
import { openStore } from '@jokbo/storage';
import type { CommandContext } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import type { OutputOptions } from '../options.js';
import { checkOutput, writeOutput } from '../output-file.js';
import { MANIFEST_FILE } from '../read-manifest.js';
import { countOf } from '../terminal/figures.js';
import { verifyBundle, type VerifiedBundle } from '../verify-bundle.js';

/** Checks a report bundle offline. */
export async function verify(
  context: CommandContext,
  bundle: string,
  options: OutputOptions,
): Promise<number> {
  await checkOutput(options.output);
  const folder = bundle.endsWith(`/${MANIFEST_FILE}`)
    ? bundle.slice(0, -MANIFEST_FILE.length - 1) || '/'
    : bundle;
  const store = openStore(folder);
  try {
    const verified = await verifyBundle(store, context.signal);
    const text =
      options.format === 'json' ? `${plainJson(verifyDocument(verified))}\n` : verifyText(verified);
    await writeOutput(context, options.output, text);
    return verified.problems.length === 0 ? EXIT.clean : EXIT.mismatch;
  } finally {
    await store.close();
  }
}

function verifyDocument({ manifest, problems, unlisted }: VerifiedBundle) {
  return {
    schema_version: 1,
    match: problems.length === 0,
    result: manifest.result,
    files: manifest.files,
    problems,
    unlisted,
  };
}

function verifyText({ manifest, problems }: VerifiedBundle): string {
  const lines = problems.map(
    ({ path, problem }) => `mismatch  ${visibleText(path)} ${visibleText(problem, LONGEST_PROSE)}`,
  );
  const files = countOf(manifest.files.length, 'file');
  const state =
    problems.length === 0
      ? `match: ${files}`
      : `MISMATCH: ${countOf(problems.length, 'problem')} in ${files}`;
  return `${[...lines, `${state}; result ${manifest.result}`].join('\n')}\n`;
}
