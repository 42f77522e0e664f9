import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { BadCase } from '../bad-case.js';
import { malformed, refused, type SpoiltCheckpoint } from '../checkpoint-case.js';
import { editHeader, SINGLE, type JsonObject, type ModelFolder } from '../model-folder.js';

const CONFIG = 'config.json';
const WEIGHTS = 'model.safetensors';

const UNREADABLE: readonly SpoiltCheckpoint[] = (
  [
    ['empty', 'json', ''],
    ['cut off', 'json', '{"model_type": "lla'],
    ['behind a BOM', 'json', '\uFEFF{"model_type":"llama"}'],
    ['in UTF-16', 'json', Buffer.from('{"model_type":"llama"}', 'utf16le')],
    ['an HTML page', 'json', '<!doctype html><title>401</title>'],
    ['an LFS pointer', 'json', 'version https://git-lfs.github.com/spec/v1\n'],
    ['with a key twice', 'json', '{"model_type":"llama","model_type":"mixtral"}'],
    ['nested deep', 'json', `{"a":${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}}`],
    ['of a million values', 'json', `[${'0,'.repeat(1_000_000)}0]`],
    ['a list', 'config', '[]'],
    ['nothing', 'config', 'null'],
    ['without fields', 'config', '{}'],
  ] as const
).map(([what, rule, content]) => [
  `a config ${what}`,
  rule,
  [CONFIG],
  ({ write }: ModelFolder) => write(CONFIG, content),
]);

const FIELDS: readonly SpoiltCheckpoint[] = (
  [
    ['model_type', 7, '7'],
    ['model_type', 'x'.repeat(5000), 'xxxx'],
    ['num_hidden_layers', undefined, 'num_hidden_layers is missing'],
    ['num_hidden_layers', -1, '-1'],
    ['num_hidden_layers', 1.5, '1.5'],
    ['num_hidden_layers', '4', '4'],
    ['num_hidden_layers', 1e300, '1e+300'],
    ['num_hidden_layers', 2 ** 40, '1099511627776'],
    ['hidden_size', 0, '0'],
    ['hidden_size', [128], '[128]'],
    ['hidden_size', 2 ** 53, '9007199254740992'],
    ['num_attention_heads', 65_537, '65537'],
    ['num_key_value_heads', -2, '-2'],
    ['tie_word_embeddings', 'yes', 'yes'],
    ['text_config', 3, '3'],
    ['quantization_config', ['fp8'], 'fp8'],
    ['vocab_size', true, 'true'],
  ] as const
).map(([field, value, shown]) => [
  `${field}: ${value === undefined ? 'absent' : JSON.stringify(value).slice(0, 20)}`,
  'config',
  [CONFIG, field, shown],
  // JSON has no undefined: such a field is not written.
  setting((config) => (config[field] = value)),
]);

const CONTRADICTIONS: readonly SpoiltCheckpoint[] = [
  ['config.json absent', 'missing-config', ['/model/config.json'], ({ remove }) => remove(CONFIG)],
  ['a config of a gigabyte', 'too-large', [CONFIG, '1073741824'], ({ path }) => grow(join(path, CONFIG))],
  ['hidden_size: NaN as Python writes it', 'config', [CONFIG, 'hidden_size', 'NaN'], pythonNumber('NaN')],
  [
    'a width that the weights do not have',
    'config-contradicts-weights',
    ['hidden_size', '256', '128'],
    setting((config) => (config['hidden_size'] = 256)),
  ],
  [
    'fewer layers than the weights have',
    'config-contradicts-weights',
    ['num_hidden_layers', '2'],
    setting((config) => (config['num_hidden_layers'] = 2)),
  ],
  [
    'more layers than the weights have',
    'config-contradicts-weights',
    ['num_hidden_layers', '40'],
    setting((config) => (config['num_hidden_layers'] = 40)),
  ],
];

export function configCases(): readonly BadCase[] {
  return [
    ...malformed([...UNREADABLE, ...FIELDS, ...CONTRADICTIONS], SINGLE),
    ...refused(
      'UnsupportedArchitecture',
      3,
      [
        ['tensor names that nothing maps', ['/model', '377984 of 377984', 'rwkv9'], unknownArchitecture],
        [
          'an optimiser state instead of a model',
          ['/model', '377984 of 377984', 'llama'],
          renameTensors((name) => `state.${name}.exp_avg`),
        ],
      ],
      SINGLE,
    ),
  ];
}

function setting(change: (config: JsonObject) => void): (folder: ModelFolder) => void {
  return ({ edit }) => edit(CONFIG, change);
}

/** Python's json module writes numbers that JSON does not have. */
function pythonNumber(text: string): (folder: ModelFolder) => void {
  return ({ read, write }) =>
    write(CONFIG, read(CONFIG).toString().replace('"hidden_size": 128', `"hidden_size": ${text}`));
}

function unknownArchitecture(folder: ModelFolder): void {
  folder.edit(CONFIG, (config) => (config['model_type'] = 'rwkv9'));
  renameTensors((name) => `blob.${name.replaceAll('.', '_')}`)(folder);
}

function renameTensors(rename: (name: string) => string): (folder: ModelFolder) => void {
  return (folder) =>
    editHeader(folder, WEIGHTS, (header) => {
      for (const name of Object.keys(header).filter((key) => key !== '__metadata__')) {
        header[rename(name)] = header[name];
        Reflect.deleteProperty(header, name);
      }
    });
}

function grow(path: string): void {
  truncateSync(path, 1024 ** 3);
}
