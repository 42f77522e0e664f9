import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BadCase } from '../bad-case.js';
import { commandOn, COMMANDS } from '../commands.js';
import type { JsonObject } from '../model-folder.js';

const DOCUMENT = 'fingerprint.json';
const SAMPLES = 'fingerprint.safetensors';

type Error = readonly [exit: 2 | 3, error: BadCase['error'], rule?: string];
type Row = readonly [
  name: string,
  error: Error,
  mentions: readonly string[],
  spoil: (folder: string) => void,
];

const OTHER_SAMPLES: Error = [3, 'DigestMismatch'];
const NO_SAMPLES: Error = [3, 'MalformedCheckpoint'];
const NO_FINGERPRINT: Error = [3, 'MalformedCheckpoint', 'fingerprint'];

const ROWS: readonly Row[] = [
  [
    'samples with another byte',
    OTHER_SAMPLES,
    [SAMPLES, 'value "'],
    edit(SAMPLES, (bytes) => flipped(bytes)),
  ],
  [
    'samples cut off',
    NO_SAMPLES,
    [SAMPLES, 'file of 5000'],
    edit(SAMPLES, (bytes) => bytes.subarray(0, 5000)),
  ],
  ['no samples in the file', NO_SAMPLES, [SAMPLES, 'empty file'], edit(SAMPLES, () => '')],
  [
    'samples with a byte more',
    NO_SAMPLES,
    [SAMPLES],
    edit(SAMPLES, (bytes) => Buffer.concat([bytes, bytes.subarray(0, 1)])),
  ],
  [
    'an LFS pointer as samples',
    NO_SAMPLES,
    [SAMPLES, 'git-LFS pointer'],
    edit(SAMPLES, () => 'version https://git-lfs.github.com\n'),
  ],
  ['no samples', [2, 'ObjectMissing'], [SAMPLES], (folder) => rmSync(join(folder, SAMPLES))],
  ['another digest', OTHER_SAMPLES, [DOCUMENT], field('samples_digest', 'ab'.repeat(32))],
  ['an empty document', NO_FINGERPRINT, [DOCUMENT], edit(DOCUMENT, () => '')],
  ['a document cut off', NO_FINGERPRINT, [DOCUMENT], edit(DOCUMENT, (bytes) => bytes.subarray(0, 5000))],
  [
    'a document behind a BOM',
    NO_FINGERPRINT,
    [DOCUMENT],
    edit(DOCUMENT, (bytes) => `\uFEFF${bytes.toString()}x`),
  ],
  ['an HTML page', NO_FINGERPRINT, [DOCUMENT], edit(DOCUMENT, () => '<!doctype html>')],
  ['a list', NO_FINGERPRINT, [DOCUMENT], edit(DOCUMENT, () => '[]')],
  ['nothing', NO_FINGERPRINT, [DOCUMENT], edit(DOCUMENT, () => 'null')],
  ['version 2', NO_FINGERPRINT, [DOCUMENT], field('schema_version', 2)],
  ['no tensors', NO_FINGERPRINT, [DOCUMENT], field('tensors', undefined)],
  ['a number as digest', NO_FINGERPRINT, [DOCUMENT], field('samples_digest', 7)],
  ['a null as tensor', NO_FINGERPRINT, [DOCUMENT], field('tensors', [null])],
  ['a tensor without fields', NO_FINGERPRINT, [DOCUMENT], field('tensors', [{}])],
  ['a null as architecture', NO_FINGERPRINT, [DOCUMENT], field('architecture', null)],
  ['no list of excluded tensors', NO_FINGERPRINT, [DOCUMENT], field('excluded', undefined)],
  ['another sampling', NO_FINGERPRINT, [DOCUMENT], field('sampling', 'by-hand-0')],
  ['a tensor without moments', NO_FINGERPRINT, [DOCUMENT], tensorField('moments', null)],
  ['a text as number of parameters', NO_FINGERPRINT, [DOCUMENT], tensorField('parameters', 'many')],
];

/** Fingerprints that were handed over and spoilt on the way. */
export function fingerprintCases(sound: () => string): readonly BadCase[] {
  return ROWS.map(([name, [exit, error, rule], mentions, spoil], turn) => {
    const command = COMMANDS[turn % COMMANDS.length] ?? 'fingerprint';
    return {
      name: `${name} (${command})`,
      exit,
      error,
      ...(rule === undefined ? {} : { rule }),
      mentions,
      arrange(dir) {
        const folder = join(dir, 'fingerprint');
        mkdirSync(folder);
        for (const file of readdirSync(sound())) copyFileSync(join(sound(), file), join(folder, file));
        spoil(folder);
        return { argv: commandOn(command, folder, dir), source: folder };
      },
    };
  });
}

function edit(name: string, change: (bytes: Buffer) => string | Uint8Array): (folder: string) => void {
  return (folder) => writeFileSync(join(folder, name), change(readFileSync(join(folder, name))));
}

function flipped(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(changed.length - 3) ^ 1, changed.length - 3);
  return changed;
}

function editJson(change: (document: JsonObject) => void): (folder: string) => void {
  return edit(DOCUMENT, (bytes) => {
    const document = JSON.parse(bytes.toString()) as JsonObject;
    change(document);
    return JSON.stringify(document);
  });
}

function field(name: string, value: unknown): (folder: string) => void {
  return editJson((document) => (document[name] = value));
}

function tensorField(name: string, value: unknown): (folder: string) => void {
  return editJson((document) => {
    const [first] = document['tensors'] as JsonObject[];
    if (first !== undefined) first[name] = value;
  });
}
