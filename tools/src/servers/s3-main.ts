import { resolve } from 'node:path';
import { findVersitygw } from './find-versitygw.js';
import { say, untilStopped } from './foreground.js';
import { startVersitygw } from './start-versitygw.js';

const DEFAULT_PORT = 7070;

const executable = await findVersitygw({ make: true, say });
if (executable === null) throw new Error('no versitygw');
const port = Number(process.env['JOKBO_S3_PORT'] ?? DEFAULT_PORT);
const server = await startVersitygw({ executable, root: resolve('.jokbo/s3'), port });
for (const [name, value] of Object.entries(server.environment)) console.log(`export ${name}=${value}`);
say(`S3 answers at ${server.endpoint}`);
await untilStopped();
await server.close();
