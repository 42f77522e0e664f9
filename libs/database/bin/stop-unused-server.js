// Started by a process that ends without closing its embedded server: waits for its end, and stops the
// server if no other process uses it. What to do comes by the environment, which other users cannot read.
import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const PARENT_DEADLINE_MS = 30_000;
// The server notices within moments that the sockets of an ended process are closed.
const LOCK_ATTEMPTS = 200;
const POLL_MS = 50;

const { url, stop, lock, parent } = JSON.parse(process.env.JOKBO_UNUSED_SERVER);

function parentIsAlive() {
  try {
    process.kill(parent, 0);
    return process.ppid === parent;
  } catch {
    return false;
  }
}

const deadline = Date.now() + PARENT_DEADLINE_MS;
while (parentIsAlive() && Date.now() < deadline) await delay(POLL_MS);

const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
client.on('error', () => undefined);
await client.connect();
for (let attempt = 0; attempt < LOCK_ATTEMPTS; attempt += 1) {
  const { rows } = await client.query('select pg_try_advisory_lock($1) as last', [lock]);
  if (rows[0].last) {
    spawnSync(stop[0], stop.slice(1), { stdio: 'ignore' });
    break;
  }
  await delay(POLL_MS);
}
await client.end();
