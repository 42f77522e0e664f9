import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildProgram, type GoProgram } from '../servers/build-program.js';
import { cacheFolder } from '../servers/cache-folder.js';
import { isExecutable } from '../servers/find-on-path.js';
import type { FindOptions } from '../servers/find-temporal.js';

/** What checks the files of `infra`. */
export type Validator = 'helm' | 'compose' | 'kubernetes';

const HELM_VERSION = 'v3.22.0';
const COMPOSE_VERSION = 'v2.16.2';

const KUBERNETES_MODULE = fileURLToPath(new URL('../../kubernetes-check', import.meta.url));

/** Letters of a digest that tell caches apart. */
const KEY_LENGTH = 16;

/**
 * A program that checks files of `infra`: one that was built before, else built now. None is taken from PATH, so that what
 * passes does not depend on the machine.
 *
 * @returns null where none is at hand and none is to be made.
 * @throws Error where making one failed.
 */
export async function findValidator(
  validator: Validator,
  { make, say }: FindOptions,
): Promise<string | null> {
  const program = PROGRAMS[validator]();
  if (isExecutable(program.path)) return program.path;
  return make ? buildProgram(program, say) : null;
}

const PROGRAMS: Readonly<Record<Validator, () => GoProgram>> = {
  helm: () => ({
    path: join(cacheFolder('helm', HELM_VERSION), 'helm'),
    package: `helm.sh/helm/v3/cmd/helm@${HELM_VERSION}`,
    flags: ['-trimpath', '-ldflags', '-s -w'],
  }),
  // The package of the Compose specification calls its command no more than that.
  compose: () => ({
    path: join(cacheFolder('compose-go', COMPOSE_VERSION), 'cmd'),
    package: `github.com/compose-spec/compose-go/v2/cmd@${COMPOSE_VERSION}`,
    flags: ['-trimpath'],
  }),
  kubernetes: () => ({
    path: join(cacheFolder('kubernetes-check', moduleKey(KUBERNETES_MODULE)), 'kubernetes-check'),
    module: KUBERNETES_MODULE,
    package: '.',
    flags: ['-trimpath'],
  }),
};

/** Digest of what a program of our own is built from. */
function moduleKey(module: string): string {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum', 'main.go']) hash.update(readFileSync(join(module, file)));
  return hash.digest('hex').slice(0, KEY_LENGTH);
}
