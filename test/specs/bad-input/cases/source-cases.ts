import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ZOO } from '../../zoo-models.js';
import type { BadCase } from '../bad-case.js';
import { commandOn, COMMANDS } from '../commands.js';
import { SINGLE } from '../model-folder.js';

type Row = readonly [
  name: string,
  exit: 2 | 3,
  error: BadCase['error'],
  mentions: readonly string[],
  source: (dir: string) => string,
];

/** What is named as a model and is none. */
const ROWS: readonly Row[] = [
  ['a folder that is not there', 2, 'UsageError', ['/gone', 'no checkpoint'], (dir) => join(dir, 'gone')],
  ['an empty folder', 2, 'UsageError', ['/empty', 'no checkpoint'], (dir) => made(dir, 'empty')],
  ['a file', 2, 'ObjectMissing', ['model.safetensors'], () => `${ZOO}${SINGLE}/model.safetensors`],
  ['a path below a file', 2, 'ObjectMissing', ['config.json/x'], () => `${ZOO}${SINGLE}/config.json/x`],
  ['a folder of other files', 3, 'MalformedCheckpoint', ['/other/config.json'], otherFiles],
  ['a folder of models', 3, 'MalformedCheckpoint', ['refs/config.json'], () => `${ZOO}refs`],
  ['a web address', 2, 'UsageError', ['https://models/x'], () => 'https://models/x'],
  ['a bucket without a name', 2, 'UsageError', ['s3://'], () => 's3://'],
  ['a prefix that leads out of its bucket', 2, 'UsageError', ['s3://bucket/../x'], () => 's3://bucket/../x'],
  ['a file URI of another machine', 2, 'UsageError', ['file://host/x'], () => 'file://host/x'],
];

export function sourceCases(): readonly BadCase[] {
  return ROWS.map(([name, exit, error, mentions, source], turn) => {
    const command = COMMANDS[turn % COMMANDS.length] ?? 'fingerprint';
    return {
      name: `${name} (${command})`,
      exit,
      error,
      mentions,
      arrange: (dir) => ({ argv: commandOn(command, source(dir), dir) }),
    };
  });
}

function made(dir: string, name: string): string {
  mkdirSync(join(dir, name));
  return join(dir, name);
}

function otherFiles(dir: string): string {
  const folder = made(dir, 'other');
  writeFileSync(join(folder, 'README.md'), 'weights follow soon');
  return folder;
}
