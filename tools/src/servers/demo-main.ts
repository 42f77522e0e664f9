import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findTemporal } from './find-temporal.js';
import { findVersitygw } from './find-versitygw.js';
import { say } from './foreground.js';
import { startLocalFleet, type LocalFleet } from './local-fleet.js';
import { uploadZoo } from './upload-zoo.js';

/** The zoo in a bucket, audited by two workers: `node demo-main.js OUT`, at the root of the repository. */
const [out = '.jokbo/demo'] = process.argv.slice(2);
const FOLDER = resolve('.jokbo/demo-fleet');
const WORKERS = 2;

async function audit(fleet: LocalFleet, programme: string): Promise<number | null> {
  const args = ['audit', programme, '--on', 'temporal'];
  const places = ['--work', fleet.uri('work'), '--out', out, '--no-database'];
  const child = spawn(process.execPath, ['apps/cli/bin/jokbo.js', ...args, ...places], {
    env: { ...process.env, ...fleet.environment },
    stdio: 'inherit',
  });
  const [status] = (await once(child, 'exit')) as [number | null];
  return status;
}

const temporal = await findTemporal({ make: true, say });
const versitygw = await findVersitygw({ make: true, say });
if (temporal === null || versitygw === null) throw new Error('no servers');
await rm(FOLDER, { recursive: true, force: true });
const fleet = await startLocalFleet({ temporal, versitygw, folder: FOLDER });
try {
  say('copying the zoo to a bucket');
  const programme = await uploadZoo(fleet);
  const work = ['--work', fleet.uri('work'), '--threads', '1'];
  await fleet.startWorker('--role', 'workflow', ...work);
  for (let worker = 0; worker < WORKERS; worker += 1) await fleet.startWorker('--role', 'cpu', ...work);
  process.exitCode = (await audit(fleet, programme)) ?? 1;
} finally {
  await fleet.close();
}
