import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findTemporal } from './find-temporal.js';
import { say, untilStopped } from './foreground.js';
import { startTemporal } from './start-temporal.js';

const DEFAULT_PORT = 7233;

/** Histories lie beside the rest of what is kept, so that a server that is started again goes on. */
const FOLDER = '.jokbo/temporal';

const found = await findTemporal({ make: true, say });
if (found === null) throw new Error('no Temporal server');
await mkdir(FOLDER, { recursive: true });
const port = Number(process.env['JOKBO_TEMPORAL_PORT'] ?? DEFAULT_PORT);
const server = await startTemporal({ found, file: join(FOLDER, 'histories.db'), port });
say(`Temporal answers at ${server.address}, namespace ${server.namespace}`);
if (server.child !== null) {
  await untilStopped();
  await server.close();
}
