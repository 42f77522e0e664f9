import { availableParallelism } from 'node:os';
import type { Check } from './check.js';

/** Oldest Node with all that is used: `engines` of the workspace. */
const LEAST_NODE = [20, 11] as const;

export function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [leastMajor, leastMinor] = LEAST_NODE;
  const fits = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  const name = `${process.version} on ${process.platform} ${process.arch}`;
  return fits
    ? { name: 'node', status: 'ok', detail: name }
    : { name: 'node', status: 'fail', detail: `${name}; at least ${LEAST_NODE.join('.')} is needed` };
}

export function checkThreads(threads: number | undefined): Check {
  const cores = availableParallelism();
  const used = threads ?? cores;
  const detail = `${used} of ${cores} cores`;
  return used > cores
    ? { name: 'threads', status: 'warn', detail: `${detail}: more threads than cores` }
    : { name: 'threads', status: 'ok', detail };
}
