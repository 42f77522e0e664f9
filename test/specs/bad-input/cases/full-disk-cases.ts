import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ZOO } from '../../zoo-models.js';
import type { Arranged, BadCase } from '../bad-case.js';
import { commandOn } from '../commands.js';
import { SINGLE } from '../model-folder.js';
import { filesBelow } from '../run-case.js';

const MODEL = `${ZOO}${SINGLE}`;

/** Bytes of the file system that is full. */
const DISK_BYTES = 1024 * 1024;

/** Room for the samples of the model, and two pages for its document of seven. */
const SAMPLES_BYTES = 188 * 4096;

type Row = readonly [
  name: string,
  argv: (dir: string, disk: string) => readonly string[],
  /** Bytes that are free. Default 0. */
  room?: number,
  /** What is there in the end besides the file that fills the disk. */
  left?: readonly string[],
];

const ROWS: readonly Row[] = [
  ['as work folder', (dir, disk) => ['fingerprint', MODEL, '-o', join(dir, 'out'), '--work', disk]],
  [
    'below the work folder of a comparison',
    (_, disk) => ['compare', MODEL, MODEL, '--work', join(disk, 'work')],
  ],
  ['as folder of a fingerprint', (_, disk) => ['fingerprint', MODEL, '-o', disk]],
  ['as folder of a report', (dir, disk) => [...commandOn('audit', MODEL, dir).slice(0, 3), '--out', disk]],
  ['under the output of a comparison', (_, disk) => ['compare', MODEL, MODEL, '-o', join(disk, 'x.json')]],
  [
    'under the output of a plan',
    (dir, disk) => [...commandOn('plan', MODEL, dir), '-o', join(disk, 'plan.txt')],
  ],
  // The document, which makes a folder a fingerprint, is written last: without it the samples are whole, but nothing.
  [
    'after the samples of a fingerprint',
    (_, disk) => ['fingerprint', MODEL, '-o', disk],
    SAMPLES_BYTES,
    ['fingerprint.safetensors'],
  ],
  ['under a new programme', (_, disk) => ['init', join(disk, 'programme.yaml')]],
];

/**
 * A full disk, wherever it may be met: a file system of one file that fills it. Where this process may not mount
 * one, `/dev/full` alone stands for it.
 */
export function fullDiskCases(): readonly BadCase[] {
  const device: BadCase = {
    name: 'under an output that is a device',
    exit: 3,
    error: 'StorageFull',
    mentions: ['/dev/full'],
    arrange: (dir) => ({ argv: [...commandOn('plan', MODEL, dir), '-o', '/dev/full'] }),
  };
  return mayMount() ? [device, ...ROWS.map(onFullDisk)] : [device];
}

function onFullDisk([name, argv, room = 0, left = []]: Row): BadCase {
  return {
    name,
    exit: 3,
    error: 'StorageFull',
    mentions: ['/disk'],
    arrange(dir): Arranged {
      const disk = join(dir, 'disk');
      mkdirSync(disk);
      mount(disk);
      writeFileSync(join(disk, 'full'), Buffer.alloc(DISK_BYTES - room));
      return {
        argv: argv(dir, disk),
        after() {
          try {
            expect(filesBelow(disk)).toEqual([...left, 'full']);
          } finally {
            execFileSync('umount', [disk]);
          }
        },
      };
    },
  };
}

function mount(disk: string): void {
  const options = `size=${DISK_BYTES},mode=700`;
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk], { stdio: 'pipe' });
}

function mayMount(): boolean {
  const disk = join('/tmp', `jokbo-may-mount-${process.pid}`);
  mkdirSync(disk);
  try {
    mount(disk);
    execFileSync('umount', [disk]);
    return true;
  } catch {
    return false;
  } finally {
    execFileSync('rmdir', [disk]);
  }
}
