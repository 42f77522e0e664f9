import { constants } from 'node:buffer';
import { UsageError } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { answerBytes } from './answer-bytes.js';

async function* repeated(piece: string, times: number): AsyncGenerator<string, void> {
  for (let at = 0; at < times; at += 1) yield await Promise.resolve(piece);
}

describe('the bytes of an answer', () => {
  it('are those of its pieces', async () => {
    expect(Buffer.from(await answerBytes(repeated('가,1\r\n', 3))).toString()).toBe(
      '가,1\r\n가,1\r\n가,1\r\n',
    );
    expect(await answerBytes(repeated('', 0))).toHaveLength(0);
  });

  it('may be more than a string can hold', async () => {
    const piece = 'x'.repeat(2 ** 26);
    const times = Math.ceil((constants.MAX_STRING_LENGTH + 1) / piece.length);
    expect((await answerBytes(repeated(piece, times))).length).toBeGreaterThan(constants.MAX_STRING_LENGTH);
  });

  it('end where they are too many', async () => {
    const error = await answerBytes(repeated('xx', 3), 5).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain('too large to be written whole');
    expect(await answerBytes(repeated('xx', 3), 6)).toHaveLength(6);
  });
});
