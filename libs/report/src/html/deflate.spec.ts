import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportScriptFunctions } from '../../specs/report-script.js';
import { fromBase85 } from '../../specs/unpack-report.js';
import { deflate, packTexts } from './deflate.js';

const { inflate, unpackText } = reportScriptFunctions();

describe('packTexts', () => {
  it('gives texts that the page unpacks one by one', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 400 }).map((part) => part.repeat(200));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 4 }), async (texts) => {
        const packed = packTexts(texts);
        const dictionary = await inflate([fromBase85(packed.dictionary)]);
        for (const [index, expected] of texts.entries())
          expect(await unpackText(packed.texts[index] ?? '', dictionary)).toBe(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('says what texts have in common once', () => {
    const common = Array.from({ length: 3000 }, (_, index) => `${(index * index) % 9973} `).join('');
    const [, second = ''] = packTexts([`${common}one`, `${common}two`]).texts;
    expect(second.length).toBeLessThan(deflate(Buffer.from(`${common}two`)).length / 20);
  });
});

describe('deflate', () => {
  it('is the raw deflate of the standard', () => {
    const text = Buffer.from('layer '.repeat(1000));
    expect(inflateRawSync(fromBase85(deflate(text)))).toEqual(text);
  });
});
