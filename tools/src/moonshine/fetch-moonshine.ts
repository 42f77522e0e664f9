import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { convertCheckpoint } from './convert-checkpoint.js';
import {
  MOONSHINE_BASE_INT8,
  MOONSHINE_TINY,
  MOONSHINE_TINY_INT8,
  type MoonshineRelease,
} from './releases.js';
import { readVerified, unpackPackage } from './unpack-release.js';
import { SOURCE_FILE, writeCheckpoint } from './write-checkpoint.js';

/** Folders of the converted checkpoints. */
export interface MoonshineFolders {
  /** float32. */
  readonly tiny: string;
  /** The same model quantised to eight bits, dequantised to float32. */
  readonly tinyInt8: string;
  /** A wider model, trained independently; eight bits, dequantised to float32. */
  readonly base: string;
}

/** Part of source.json: raise it when the same files convert to other tensors. */
const CONVERTER_VERSION = 1;

function sourceText(release: MoonshineRelease): string {
  return `${JSON.stringify({ converter: CONVERTER_VERSION, ...release }, undefined, 2)}\n`;
}

async function isConverted(folder: string, release: MoonshineRelease): Promise<boolean> {
  try {
    return (await readFile(join(folder, SOURCE_FILE), 'utf8')) === sourceText(release);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function convertReleases(releases: readonly MoonshineRelease[], folder: string): Promise<void> {
  const download = await mkdtemp(join(folder, 'download-'));
  try {
    for (const name of new Set(releases.map((release) => release.package))) {
      const fromPackage = releases.filter((release) => release.package === name);
      const paths = fromPackage.flatMap(({ encoder, decoder }) => [encoder.path, decoder.path]);
      await unpackPackage(name, paths, download);
      for (const release of fromPackage) {
        const encoder = {
          bytes: await readVerified(download, release.encoder),
          object: release.encoder.path,
        };
        const decoder = {
          bytes: await readVerified(download, release.decoder),
          object: release.decoder.path,
        };
        await writeCheckpoint(
          join(folder, release.folder),
          convertCheckpoint(encoder, decoder),
          sourceText(release),
        );
      }
    }
  } finally {
    await rm(download, { recursive: true, force: true });
  }
}

/**
 * Fetches Moonshine tiny, its eight-bit copy and Moonshine base from the npm packages of their authors (220 MB)
 * and converts them to checkpoints as published for PyTorch: model.safetensors (F32) and config.json. What is
 * there already, converted from the same files, stays.
 *
 * @param folder gets one folder for each model; made when missing.
 * @throws StorageUnavailable when npm cannot deliver a package; DigestMismatch when it delivers other content.
 */
export async function fetchMoonshine(folder: string): Promise<MoonshineFolders> {
  await mkdir(folder, { recursive: true });
  const missing: MoonshineRelease[] = [];
  for (const release of [MOONSHINE_TINY, MOONSHINE_TINY_INT8, MOONSHINE_BASE_INT8])
    if (!(await isConverted(join(folder, release.folder), release))) missing.push(release);
  if (missing.length > 0) await convertReleases(missing, folder);
  return {
    tiny: join(folder, MOONSHINE_TINY.folder),
    tinyInt8: join(folder, MOONSHINE_TINY_INT8.folder),
    base: join(folder, MOONSHINE_BASE_INT8.folder),
  };
}
