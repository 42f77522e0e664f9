import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeSafetensors } from '@jokbo/safetensors';
import type { ConvertedCheckpoint } from './convert-checkpoint.js';

/** Name of the file that says what a converted checkpoint was made from. */
export const SOURCE_FILE = 'source.json';

/**
 * Writes a checkpoint folder: model.safetensors (F32), config.json, source.json. The folder appears whole or not
 * at all; an existing one is replaced.
 *
 * @param source text of source.json.
 */
export async function writeCheckpoint(
  folder: string,
  { tensors, config }: ConvertedCheckpoint,
  source: string,
): Promise<void> {
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const encodable = tensors.map(({ name, shape, values }) => ({
    name,
    shape,
    dtype: 'F32' as const,
    bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  }));
  await writeFile(join(partial, 'model.safetensors'), encodeSafetensors(encodable, { format: 'pt' }));
  await writeFile(join(partial, 'config.json'), `${JSON.stringify(config, undefined, 2)}\n`);
  await writeFile(join(partial, SOURCE_FILE), source);
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder);
}
