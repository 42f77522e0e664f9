import { randomBytes } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Bytes per system call: the signal is looked at in between. */
const WRITE_PIECE = 16 * 1024 * 1024;

const UNFINISHED = /^\.[0-9a-f]{24}\.unfinished$/;

/** Whether a file name is that of a write that is under way or was cut off. */
export function isUnfinished(name: string): boolean {
  return UNFINISHED.test(name);
}

/**
 * Writes a file whole or not at all: a new file beside it, flushed to the disk, then renamed over `path`.
 * After any failure the new file is gone and `path` is what it was.
 *
 * @param openFile Opens the new file; replaced only to inject faults.
 */
export async function writeFileAtomically(
  path: string,
  bytes: Uint8Array,
  signal?: AbortSignal,
  openFile: (path: string, flags: string) => Promise<FileHandle> = open,
): Promise<void> {
  const folder = dirname(path);
  const unfinished = join(folder, `.${randomBytes(12).toString('hex')}.unfinished`);
  const handle = await openFile(unfinished, 'wx');
  try {
    try {
      let written = 0;
      while (written < bytes.length) {
        signal?.throwIfAborted();
        const length = Math.min(WRITE_PIECE, bytes.length - written);
        written += (await handle.write(bytes, written, length, written)).bytesWritten;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    signal?.throwIfAborted();
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  await flushFolder(folder);
}

/** Makes the new name survive a power cut. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
