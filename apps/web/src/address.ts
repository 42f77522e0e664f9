import { createHash } from 'node:crypto';

/** Names that stand in an address as they are. */
const PLAIN_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

/**
 * The address of a release, pair or map by its names: the names themselves where all are plain, else a digest of
 * them, so that an address is short and safe whatever a model is called. It is the same in every run.
 */
export function addressOf(...names: readonly string[]): string {
  if (names.every((name) => PLAIN_NAME.test(name))) return names.join('~');
  return `~${createHash('sha256').update(JSON.stringify(names)).digest('hex')}`;
}
