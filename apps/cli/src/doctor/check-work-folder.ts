import { randomUUID } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { formatBytes } from '@jokbo/report';
import { openStore, parseWritableUri } from '@jokbo/storage';
import { checked, type Check } from './check.js';

/** Fingerprints, evidence and database of one national programme take some 10 GiB. Bytes. */
const PLENTY = 20 * 1024 ** 3;
/** The embedded Postgres alone takes about 50 MiB when empty. Bytes. */
const TOO_LITTLE = 256 * 1024 ** 2;

/** Writes and removes an object in the work folder, and looks at the room that is left. */
export function checkWorkFolder(work: string): Promise<Check> {
  return checked('work folder', async () => {
    const store = openStore(work);
    try {
      const name = `doctor-${randomUUID()}`;
      await store.write(name, Buffer.from('jokbo'));
      await store.remove(name);
    } finally {
      await store.close();
    }
    const location = parseWritableUri(work);
    if (location.scheme === 's3') return { status: 'ok', detail: `${work} can be written` };
    const { bavail, bsize } = await statfs(location.folder);
    const free = bavail * bsize;
    const detail = `${location.folder} can be written, ${formatBytes(free)} free`;
    return { status: free < TOO_LITTLE ? 'fail' : free < PLENTY ? 'warn' : 'ok', detail };
  });
}
