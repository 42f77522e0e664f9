import { MalformedTrainingRecord, type Json } from '@jokbo/contracts';
import {
  asObject,
  countMember,
  listMember,
  numberMember,
  objectMember,
  textMember,
  wrongField,
  type RecordObject,
} from './record-field.js';
import type { DeclaredCheckpoint } from './training-record.js';

/** Most checkpoints of one trajectory: each is a whole model to read. */
export const MAX_CHECKPOINTS = 4096;

/** Most files of one checkpoint: the limit of a numbered shard set. */
const MAX_FILES = 10_000;

const MAX_STEP = 1e9;
const LARGEST_LOSS = 1e6;

/**
 * Reads `checkpoints`: step, path, tokens, eval_loss and files_sha256 of each, in rising order of step.
 *
 * @throws MalformedTrainingRecord `field`; `path` for a path that leaves the folder; `order` for steps that do not rise.
 */
export function parseCheckpoints(root: RecordObject): readonly DeclaredCheckpoint[] {
  let last = -1;
  const paths = new Set<string>();
  return listMember(root, 'checkpoints', MAX_CHECKPOINTS).map((value, index) => {
    const checkpoint = parseCheckpoint(value, root, `checkpoints[${index}]`);
    const { step, path } = checkpoint;
    if (step <= last || paths.has(path)) {
      throw new MalformedTrainingRecord('order', 'steps must rise and paths differ in checkpoints', {
        object: root.object,
        value: `step ${step}, path ${path}`,
      });
    }
    last = step;
    paths.add(path);
    return checkpoint;
  });
}

function parseCheckpoint(value: Json, root: RecordObject, key: string): DeclaredCheckpoint {
  const entry = asObject(value, root, key);
  const step = countMember(entry, 'step', MAX_STEP);
  const path = textMember(entry, 'path');
  if (step === null) throw wrongField(entry, 'step', 'a whole number', null);
  if (path === null) throw wrongField(entry, 'path', 'a path', null);
  const files = new Map<string, string>();
  const digests = objectMember(entry, 'files_sha256');
  const names = Object.keys(digests?.members ?? {});
  if (names.length > MAX_FILES)
    throw wrongField(entry, 'files_sha256', `at most ${MAX_FILES} files`, names.length);
  for (const name of names) {
    const digest = digests === null ? null : textMember(digests, name);
    if (digest === null || !/^[0-9a-f]{64}$/i.test(digest)) {
      throw wrongField(entry, `files_sha256.${name.slice(0, 80)}`, '64 hexadecimal digits', digest);
    }
    files.set(relativePath(name, root.object), digest.toLowerCase());
  }
  return {
    step,
    path: path === '.' ? path : relativePath(path.replace(/\/$/, ''), root.object),
    tokens: countMember(entry, 'tokens'),
    evalLoss: numberMember(entry, 'eval_loss', 0, LARGEST_LOSS),
    files,
  };
}

/** A path that stays below its folder, in the form that stores use. */
function relativePath(path: string, object: string): string {
  const segments = path.split('/');
  const plain =
    path.length <= 1024 &&
    !/[\\\p{Cc}\p{Cs}]/u.test(path) &&
    segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..');
  if (plain) return path;
  throw new MalformedTrainingRecord('path', 'a path must stay below the folder of training.json', {
    object,
    value: path.slice(0, 80),
  });
}
