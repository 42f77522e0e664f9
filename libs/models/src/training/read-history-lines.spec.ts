import { describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES, readHistoryLines } from './read-history-lines.js';
import { collect, memorySource } from './testing/memory-source.js';

const read = (text: string) =>
  collect(readHistoryLines(memorySource(Buffer.from(text), 'memory:history.jsonl')));

describe('readHistoryLines', () => {
  it('reads a row a line, with the offset of each, and no newline at the end needed', async () => {
    const rows = await read('{"_step":0,"loss":1.5,"note":"x"}\r\n\n{"_step":1,"loss":NaN,"deep":{"a":1}}');
    expect(rows.map(({ step, offset }) => [step, offset])).toEqual([
      [0, 0],
      [1, 36],
    ]);
    expect(rows[1]?.values.get('loss')).toBeNaN();
    expect(rows[0]?.values.has('note')).toBe(false);
  });

  it('reads lines that lie across windows', async () => {
    const filler = 'f'.repeat(700_000);
    const lines = [0, 1, 2, 3].map((step) => JSON.stringify({ _step: step, note: filler }));
    const source = memorySource(Buffer.from(`${lines.join('\n')}\n`));
    const rows = await collect(readHistoryLines(source));
    const length = lines[0]?.length ?? 0;
    expect(rows.map(({ step, offset }) => [step, offset])).toEqual(
      [0, 1, 2, 3].map((k) => [k, k * (length + 1)]),
    );
    expect(source.largestRead).toBe(1_048_576);
  });

  it.each([
    ['json', '{"_step":0}\n{"_step":1,}', 'line 2', 12],
    ['json', `{"_step":0,"x":${'['.repeat(100)}${']'.repeat(100)}}`, 'line 1', 0],
    ['json', '{"_step":0}\n[1]', 'line 2', 12],
    ['json', '{"_step":0,"_step":1}', 'line 1', 0],
    ['step', '{"loss":1}', 'line 1', 0],
    ['step', '{"_step":1.5}', 'line 1', 0],
    ['step', '{"_step":-1}', 'line 1', 0],
  ])('refuses a line that breaks rule %s', async (rule, text, line, offset) => {
    await expect(read(text)).rejects.toMatchObject({
      rule,
      object: 'memory:history.jsonl',
      value: `byte ${offset}`,
    });
    await expect(read(text)).rejects.toThrow(line);
  });

  it('refuses a line without end before it is in memory', async () => {
    const endless = memorySource(Buffer.alloc(MAX_LINE_BYTES + 2_097_152, 0x20));
    await expect(collect(readHistoryLines(endless))).rejects.toMatchObject({ rule: 'too-large' });
  });
});
