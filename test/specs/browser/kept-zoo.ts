import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type { ResultDocument } from '@jokbo/contracts';

const ZOO_RESULTS = new URL('../../fixtures/zoo-results.json.br', import.meta.url);

/** The kept audit of the zoo whose measurements were judged again: it has every section of a report. */
export function keptZoo(): ResultDocument {
  const results = JSON.parse(
    brotliDecompressSync(readFileSync(ZOO_RESULTS)).toString('utf8'),
  ) as ResultDocument[];
  const last = results.at(-1);
  if (last === undefined) throw new Error('no kept result');
  return last;
}
