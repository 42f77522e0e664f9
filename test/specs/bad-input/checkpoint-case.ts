import { join } from 'node:path';
import type { BadCase, ErrorName } from './bad-case.js';
import { commandOn, COMMANDS } from './commands.js';
import { copyModel, SHARDED, type ModelFolder } from './model-folder.js';

type Expected = Pick<BadCase, 'exit' | 'error' | 'rule' | 'mentions'>;

/** One row of a table: name, rule, what the message names, how a sound checkpoint is spoilt. */
export type SpoiltCheckpoint = readonly [
  name: string,
  rule: string,
  mentions: readonly string[],
  spoil: (folder: ModelFolder) => void,
];

/** Checkpoints that break a rule; the commands take turns. */
export function malformed(rows: readonly SpoiltCheckpoint[], model = SHARDED): readonly BadCase[] {
  return rows.map(([name, rule, mentions, spoil], turn) =>
    spoiltCheckpoint(name, { exit: 3, error: 'MalformedCheckpoint', rule, mentions }, spoil, turn, model),
  );
}

/** A checkpoint that is refused with another error. */
export function refused(
  error: ErrorName,
  exit: 2 | 3,
  rows: readonly (readonly [
    name: string,
    mentions: readonly string[],
    spoil: (folder: ModelFolder) => void,
  ])[],
  model = SHARDED,
): readonly BadCase[] {
  return rows.map(([name, mentions, spoil], turn) =>
    spoiltCheckpoint(name, { exit, error, mentions }, spoil, turn, model),
  );
}

function spoiltCheckpoint(
  name: string,
  expected: Expected,
  spoil: (folder: ModelFolder) => void,
  turn: number,
  model: string,
): BadCase {
  const command = COMMANDS[turn % COMMANDS.length] ?? 'fingerprint';
  return {
    name: `${name} (${command})`,
    ...expected,
    arrange(dir) {
      const folder = copyModel(model, join(dir, 'model'));
      spoil(folder);
      return { argv: commandOn(command, folder.path, dir), source: folder.path };
    },
  };
}
