import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readHistoryLines } from './read-history-lines.js';
import { readWandb } from './read-wandb.js';
import { bytesField, encodeFrames, historyRecord, varintField } from './testing/encode-wandb.js';
import { collect, memorySource } from './testing/memory-source.js';

const FOLDER = fileURLToPath(new URL('../../../../test/zoo/teams/a/open-mini/wandb/', import.meta.url));
const RUN = 'offline-run-20261123_203323-opnm1n25/run-opnm1n25.wandb';

describe('readWandb', () => {
  it('reads the rows of a real run as its export has them', async () => {
    const run = readWandb(memorySource(readFileSync(FOLDER + RUN)));
    const rows = await collect(run.rows);
    const exported = await collect(
      readHistoryLines(memorySource(readFileSync(`${FOLDER}wandb-history.jsonl`))),
    );
    expect(rows).toHaveLength(400);
    expect(exported).toHaveLength(400);
    rows.forEach(({ step, values }, index) => {
      expect(step).toBe(index);
      for (const name of ['loss', 'lr', 'grad_norm', 'tokens', '_timestamp']) {
        expect(values.get(name), `${name} ${step}`).toBe(exported[index]?.values.get(name));
      }
    });
    expect(run.facts).toMatchObject({ runId: 'opnm1n25', records: 1210, exited: true, cutTail: null });
    expect(run.facts.settings.get('seed')).toBe(20_250_801);
  });

  it('joins nested names, keeps NaN, and does not read what is no number', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const record = historyRecord(7, [
      ['loss', 'NaN'],
      ['lr', '1e-3'],
      [['train', 'aux'], '-Infinity'],
      ['table', deep],
      ['note', '"12"'],
      ['flag', 'true'],
      ['odd', '0x10'],
    ]);
    const [row] = await collect(readWandb(memorySource(encodeFrames([record]))).rows);
    expect(row?.step).toBe(7);
    expect([...(row?.values ?? [])]).toEqual([
      ['loss', Number.NaN],
      ['lr', 0.001],
      ['train.aux', Number.NEGATIVE_INFINITY],
    ]);
  });

  it('takes _step of the items before the record step, and refuses a row without any', async () => {
    const own = historyRecord(3, [['_step', '12']]);
    expect((await collect(readWandb(memorySource(encodeFrames([own]))).rows))[0]?.step).toBe(12);
    const none = Buffer.concat([varintField(1, 1), bytesField(2, bytesField(1, bytesField(1, 'loss')))]);
    await expect(collect(readWandb(memorySource(encodeFrames([none]))).rows)).rejects.toMatchObject({
      rule: 'step',
      object: 'memory:record',
      value: 'byte 14',
    });
  });

  it('refuses a name without bound', async () => {
    const record = historyRecord(1, [['x'.repeat(5000), '1']]);
    await expect(collect(readWandb(memorySource(encodeFrames([record]))).rows)).rejects.toMatchObject({
      rule: 'too-large',
    });
  });
});
