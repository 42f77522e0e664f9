import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { progress } from './workspace.mjs';

const RETRY_MS = 300;
const HEARTBEAT_MS = 5_000;
/** A live owner touches its lock every five seconds; far beyond that it is gone, or its machine is. */
const STALE_MS = 120_000;
/** Breaking a stale lock takes a moment; an older mark was left behind by a crash. */
const BREAKING_STALE_MS = 10_000;

function createExclusively(path, content) {
  try {
    const file = openSync(path, 'wx');
    writeSync(file, content);
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function ageMs(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function ownerIsGone(path) {
  const age = ageMs(path);
  if (age === undefined) return false;
  if (age > STALE_MS) return true;
  try {
    const [host, pid] = readFileSync(path, 'utf8').split(' ');
    if (host !== hostname() || !/^\d+$/.test(pid ?? '')) return false;
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** Only the process that holds the breaking mark may remove a lock: two that do could remove a new one. */
function breakStale(path) {
  const mark = `${path}.breaking`;
  if ((ageMs(mark) ?? 0) > BREAKING_STALE_MS) rmSync(mark, { force: true });
  if (!createExclusively(mark, '')) return;
  try {
    if (ownerIsGone(path)) rmSync(path, { force: true });
  } finally {
    rmSync(mark, { force: true });
  }
}

/** Runs `work` while no other process runs under the same lock file; waits for its turn. */
export async function withLock(path, work) {
  mkdirSync(dirname(path), { recursive: true });
  let announced = false;
  while (!createExclusively(path, `${hostname()} ${process.pid}`)) {
    if (ownerIsGone(path)) {
      breakStale(path);
    } else if (!announced) {
      progress('waiting for another run that is preparing this checkout');
      announced = true;
    }
    await sleep(RETRY_MS);
  }
  const release = () => rmSync(path, { force: true });
  const heartbeat = setInterval(() => {
    if (existsSync(path)) utimesSync(path, new Date(), new Date());
  }, HEARTBEAT_MS);
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.removeListener('exit', release);
    release();
  }
}
