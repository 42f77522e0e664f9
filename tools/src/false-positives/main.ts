import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { falsePositivesDocument } from './false-positives-document.js';
import { independentPairs } from './independent-pairs.js';
import { measureNulls, type NullDraw } from './measure-nulls.js';
import { qqPlots } from './qq-plot.js';

const PLOT = 'false-positives.svg';

/** Writes the document and its plot to the folder in argv[2], or where the repository keeps them. */
const root = new URL('../../../', import.meta.url);
const target = process.argv[2] ?? fileURLToPath(new URL('docs', root));
const zoo = fileURLToPath(new URL('test/zoo', root));
const work = await mkdtemp(join(tmpdir(), 'jokbo-nulls-'));
try {
  const pairs = await independentPairs(zoo);
  const draws = await measureNulls({ pairs, zoo, work });
  const of = (source: NullDraw['source']): number[] =>
    draws.flatMap((draw) => (draw.source === source ? [draw.z] : []));
  await writeFile(
    join(target, PLOT),
    qqPlots([
      { title: 'independent models', z: of('zoo') },
      { title: 'self-scrambles', z: of('scramble') },
    ]),
  );
  await writeFile(join(target, 'false-positives.md'), falsePositivesDocument(draws, pairs.length, PLOT));
} finally {
  await rm(work, { recursive: true, force: true });
}
