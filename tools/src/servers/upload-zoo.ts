import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalFleet } from './local-fleet.js';

const ZOO = fileURLToPath(new URL('../../../test/zoo', import.meta.url));

/** Copies the zoo to the bucket of a fleet; the URI of its programme, `zoo/programme.yaml`. */
export async function uploadZoo(fleet: LocalFleet): Promise<string> {
  for (const entry of await readdir(ZOO, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    await fleet.write(`zoo/${relative(ZOO, path)}`, await readFile(path));
  }
  return fleet.uri('zoo/programme.yaml');
}
