import { join } from 'node:path';
import { buildProgram, type GoProgram } from './build-program.js';
import { cacheFolder } from './cache-folder.js';
import { findOnPath, isExecutable } from './find-on-path.js';
import type { FindOptions } from './find-temporal.js';

/** Version of the S3 server that tests run against. */
export const VERSITYGW_VERSION = 'v1.8.0';

/**
 * The S3 server `versitygw`: on PATH, else one that was built before, else built now.
 *
 * @returns null where none is at hand and none is to be made.
 * @throws Error where making one failed.
 */
export async function findVersitygw({ make, say }: FindOptions): Promise<string | null> {
  const installed = findOnPath('versitygw');
  if (installed !== null) return installed;
  const program = versitygwProgram();
  if (isExecutable(program.path)) return program.path;
  return make ? buildProgram(program, say) : null;
}

function versitygwProgram(): GoProgram {
  return {
    path: join(cacheFolder('versitygw', VERSITYGW_VERSION), 'versitygw'),
    package: `github.com/versity/versitygw/cmd/versitygw@${VERSITYGW_VERSION}`,
  };
}
