import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildProgram, type GoProgram } from './build-program.js';
import { cacheFolder } from './cache-folder.js';
import { downloadTemporal } from './download-temporal.js';
import { findOnPath, isExecutable } from './find-on-path.js';

/** Version of the Temporal CLI that `tools/temporal-server` pins. */
export const TEMPORAL_VERSION = '1.8.2';

const MODULE = fileURLToPath(new URL('../../temporal-server', import.meta.url));

/** Letters of a digest that tell caches apart. */
const KEY_LENGTH = 16;

/** A server to talk to, or the program that starts one. */
export type FoundTemporal = { readonly address: string } | { readonly executable: string };

export interface FindOptions {
  /** Whether a program that is not at hand may be downloaded or built: minutes. */
  readonly make: boolean;
  readonly say: (line: string) => void;
}

/**
 * A Temporal server: that of TEMPORAL_ADDRESS, else a `temporal` on PATH, else one that was built before, else the
 * download of the SDK, else one built now.
 *
 * @returns null where none is at hand and none is to be made.
 * @throws Error where making one failed.
 */
export async function findTemporal({ make, say }: FindOptions): Promise<FoundTemporal | null> {
  const address = process.env['TEMPORAL_ADDRESS'] ?? '';
  if (address !== '') return { address };
  const installed = findOnPath('temporal');
  if (installed !== null) return { executable: installed };
  const program = temporalProgram();
  if (isExecutable(program.path)) return { executable: program.path };
  if (!make) return null;
  const downloaded = await downloadTemporal(TEMPORAL_VERSION, say);
  return { executable: downloaded ?? (await buildProgram(program, say)) };
}

/** The server as our module pins it; kept under the hash of what pins it. */
function temporalProgram(): GoProgram {
  const sums = readFileSync(join(MODULE, 'go.sum'));
  const key = createHash('sha256').update(sums).digest('hex').slice(0, KEY_LENGTH);
  const version = `-X github.com/temporalio/cli/internal/temporalcli.Version=${TEMPORAL_VERSION}`;
  return {
    path: join(cacheFolder('temporal', key), 'temporal'),
    module: MODULE,
    package: 'github.com/temporalio/cli/cmd/temporal',
    flags: ['-trimpath', '-ldflags', `-s -w ${version}`],
  };
}
