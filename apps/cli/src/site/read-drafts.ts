import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@jokbo/contracts';
import type { Draft } from '@jokbo/web';
import { codeOf } from '../path-kind.js';
import { RESULT_FILE } from '../read-manifest.js';
import { readResult } from '../read-result.js';

/** Drafts that are served, the newest: each is kept in memory. */
const MOST_DRAFTS = 20;

interface File {
  readonly path: string;
  readonly at: Date;
  readonly size: number;
}

/**
 * The result documents in the folders below one, the newest first. A file is read again when it has changed; one that is
 * no result document is told of and left out.
 *
 * @param folder where reports lie, one folder each.
 * @param onBad told of a file that cannot be read.
 */
export function draftsBelow(
  folder: string,
  signal: AbortSignal,
  onBad: (error: unknown) => void,
): () => Promise<readonly Draft[]> {
  const kept = new Map<string, { readonly file: File; readonly draft: Draft | null }>();
  return async () => {
    const files = (await resultFiles(folder))
      .sort((a, b) => b.at.getTime() - a.at.getTime())
      .slice(0, MOST_DRAFTS);
    for (const path of kept.keys()) if (!files.some((file) => file.path === path)) kept.delete(path);
    for (const file of files) {
      const known = kept.get(file.path)?.file;
      if (known?.size === file.size && known.at.getTime() === file.at.getTime()) continue;
      kept.set(file.path, { file, draft: await readDraft(file, signal, onBad) });
    }
    return files.flatMap(({ path }) => kept.get(path)?.draft ?? []);
  };
}

async function readDraft(
  { path, at }: File,
  signal: AbortSignal,
  onBad: (error: unknown) => void,
): Promise<Draft | null> {
  try {
    const document = await readResult(path, signal);
    return { document, at, digest: createHash('sha256').update(canonicalJson(document)).digest('hex') };
  } catch (error) {
    onBad(error);
    return null;
  }
}

async function resultFiles(folder: string): Promise<File[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name, RESULT_FILE);
      const known = await stat(path).catch(() => null);
      return known?.isFile() === true ? [{ path, at: known.mtime, size: known.size }] : [];
    }),
  );
  return found.flat();
}
