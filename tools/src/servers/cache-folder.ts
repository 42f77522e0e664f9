import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where programs that were built once are kept: outside of the checkout, so that a fresh clone finds them. */
export function cacheFolder(...below: readonly string[]): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? '';
  return join(cache === '' ? join(homedir(), '.cache') : cache, 'jokbo', ...below);
}
