import { realpath, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from '@jokbo/contracts';
import { openStore, parseWritableUri, splitUri } from '@jokbo/storage';
import type { CommandContext } from './command-context.js';
import { makeFolder } from './make-folder.js';
import { codeOf, kindOf, pathFailure } from './path-kind.js';
import { writeText } from './terminal/write-text.js';

/** `-o -`, or no `-o` at all. */
export function isStandardOutput(output: string | undefined): boolean {
  return output === undefined || output === '-';
}

/**
 * Writes the main output of a command: to standard output, or whole or not at all to a file or an object.
 *
 * @throws StorageFull, AccessDenied, StorageUnavailable when it cannot be written.
 */
export async function writeOutput(
  context: CommandContext,
  output: string | undefined,
  text: string,
): Promise<void> {
  await writeBytes(context, output, Buffer.from(text));
}

/** {@link writeOutput} of bytes that may be no text. */
export async function writeBytes(
  context: CommandContext,
  output: string | undefined,
  bytes: Uint8Array,
): Promise<void> {
  if (output === undefined || isStandardOutput(output)) await writeText(context.host.stdout, bytes);
  else await writeObject(output, bytes, context.signal);
}

/**
 * Checks, before a run of hours, that its output has a place.
 *
 * @throws UsageError when `output` is a folder, or lies below something that is none.
 */
export async function checkOutput(output: string | undefined): Promise<void> {
  if (output === undefined || isStandardOutput(output)) return;
  const location = parseWritableUri(output);
  if (location.scheme === 's3') return;
  if ((await kindOf(location.folder)) === 'folder') {
    throw new UsageError('the output is a folder', { object: output });
  }
  await makeFolder(dirname(location.folder));
}

/**
 * Writes one object whole or not at all. A device or a pipe takes the bytes as they come, since renaming would
 * replace it; a link stays, and what it names is written.
 */
export async function writeObject(uri: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
  const location = parseWritableUri(uri);
  let target = uri;
  if (location.scheme === 'file') {
    const kind = await kindOf(location.folder);
    if (kind === 'special') {
      await writeSpecial(location.folder, bytes);
      return;
    }
    if (kind === 'file') target = await realpath(location.folder);
  }
  const { store: folder, path } = splitUri(target);
  const store = openStore(folder);
  try {
    await store.write(path, bytes, signal);
  } finally {
    await store.close();
  }
}

async function writeSpecial(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes);
  } catch (error) {
    if (codeOf(error) !== 'EPIPE') throw pathFailure(path, error);
  }
}
