import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ZOO } from '../zoo-models.js';
import { programmeText } from './commands.js';
import { configCases } from './cases/config-cases.js';
import { headerCases, legalHeaderCases } from './cases/header-cases.js';
import { indexCases } from './cases/index-cases.js';
import { shardCases } from './cases/shard-cases.js';
import { tokenizerCases } from './cases/tokenizer-cases.js';
import {
  copyModel,
  editHeader,
  FIRST_SHARD,
  INDEX,
  SHARDED,
  SINGLE,
  type JsonObject,
  type ModelFolder,
} from './model-folder.js';
import { filesBelow, testCases } from './run-case.js';
import { runHere } from './run-jokbo.js';

describe('an adversarial header is refused', () => testCases(headerCases()));
describe('a legal header that is not the expected one is refused', () => testCases(legalHeaderCases()));
describe('a bad shard is refused', () => testCases(shardCases()));
describe('a bad index is refused', () => testCases(indexCases()));
describe('a bad config is refused', () => testCases(configCases()));
describe('a bad tokenizer is refused', () => testCases(tokenizerCases()));

/** What no loader would trip over is read, and told. */
describe('an odd but legal input', () => {
  const dir = mkdtempSync(join(tmpdir(), 'jokbo-bad-input-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  async function fingerprinted(folder: ModelFolder) {
    const argv = ['fingerprint', folder.path, '--format', 'json', '--work', join(dir, 'work'), '--quiet'];
    const { exit, stdout, stderr } = await runHere(argv);
    expect([exit, stderr]).toEqual([0, '']);
    const { id, findings } = JSON.parse(stdout) as { id: string; findings: readonly string[] };
    return { id, findings: findings.join('\n') };
  }

  it.each<readonly [string, string, (folder: ModelFolder) => void]>([
    [
      'a shard that the index does not name',
      'surplus-shard: the index does not name 1 of the shard files (extra.safetensors)',
      ({ read, write }) => write('extra.safetensors', read(FIRST_SHARD)),
    ],
    [
      'a surplus shard that is no shard at all',
      'surplus-shard: the index does not name 1 of the shard files (extra.safetensors)',
      ({ write }) => write('extra.safetensors', '<html></html>'),
    ],
    [
      'a wrong total size',
      'total-size: the index claims 7 bytes',
      ({ edit }) => edit(INDEX, (index) => (index['metadata'] = { total_size: 7 })),
    ],
    ['no tokenizer', 'tokenizer-absent', ({ remove }) => remove('tokenizer.json')],
  ])('%s is a finding', async (name, finding, change) => {
    const folder = copyModel(SHARDED, join(dir, name));
    change(folder);
    expect((await fingerprinted(folder)).findings).toContain(finding);
  });

  it('weights in whole numbers are compared with nothing, and are not clean', async () => {
    const folder = copyModel(SINGLE, join(dir, 'integers'));
    editHeader(folder, 'model.safetensors', (header) => {
      for (const [name, entry] of Object.entries(header)) {
        if (name !== '__metadata__') (entry as JsonObject)['dtype'] = 'I16';
      }
    });
    const common = ['--format', 'json', '--work', join(dir, 'work'), '--quiet'];
    const compared = await runHere(['compare', folder.path, `${ZOO}${SINGLE}`, ...common]);
    expect(JSON.parse(compared.stdout)).toMatchObject({
      verdict: 'not_comparable',
      comparable_share: 0,
      components: [],
    });
    const said = /^jokbo: nothing of [^\n]+ could be compared with any reference, [^\n]+\n$/;
    expect([compared.exit, compared.stderr]).toEqual([4, expect.stringMatching(said)]);

    const programme = join(dir, 'integers.yaml');
    writeFileSync(programme, programmeText(folder.path, `${ZOO}${SINGLE}`));
    const report = ['--no-database', '--out', join(dir, 'out')];
    const audited = await runHere(['audit', programme, ...report, ...common]);
    expect([audited.exit, audited.stderr]).toEqual([4, expect.stringMatching(said)]);
    expect(audited.stderr).toContain('nothing of Release could');
    const result = join(dir, 'out', 'result.json');
    const reported = ['report', result, '--out', join(dir, 'again'), '--fail-on', 'derived'];
    expect((await runHere([...reported, ...common])).exit).toBe(4);
  });

  it('a damaged part in the work folder is made again', async () => {
    const folder = copyModel(SHARDED, join(dir, 'damaged'));
    const { id } = await fingerprinted(folder);
    for (const path of filesBelow(join(dir, 'work', 'content'))) {
      const file = join(dir, 'work', 'content', path);
      writeFileSync(file, readFileSync(file).subarray(0, 100));
    }
    expect((await fingerprinted(folder)).id).toBe(id);
  });
});
