import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { objectHeads } from './header-store.js';
import type { MoeShape } from './large-models.js';

/**
 * Writes a checkpoint whose weights take no room: headers, configuration, tokenizer and index are real, all weights are
 * holes in files of their full length.
 */
export async function writeSparseCheckpoint(folder: string, shape: MoeShape): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, { bytes, size }] of objectHeads(shape)) {
    const file = await open(join(folder, path), 'w');
    try {
      await file.write(bytes);
      await file.truncate(size);
    } finally {
      await file.close();
    }
  }
}
