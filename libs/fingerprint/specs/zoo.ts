import { fileURLToPath } from 'node:url';

/** Folder of the zoo of tiny checkpoints, with a trailing slash. */
export const ZOO = fileURLToPath(new URL('../../../test/zoo/', import.meta.url));
