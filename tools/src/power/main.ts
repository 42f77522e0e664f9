import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLocalWorkspace } from '@jokbo/activities';
import { SILENT } from '@jokbo/contracts';
import { REFERENCES } from './audit/references.js';
import { runCases } from './audit/run-cases.js';
import { POWER_CASES } from './cases/index.js';
import { powerDocument } from './report/power-document.js';

/** Writes the document of the transformation suite to argv[2], or where the repository keeps it. */
const root = new URL('../../../', import.meta.url);
const target = process.argv[2] ?? fileURLToPath(new URL('docs/power.md', root));
const folder = await mkdtemp(join(tmpdir(), 'jokbo-power-'));
const workspace = await openLocalWorkspace({ work: join(folder, 'work'), progress: SILENT });
try {
  const results = await runCases({
    cases: POWER_CASES,
    references: REFERENCES,
    zoo: fileURLToPath(new URL('test/zoo', root)),
    folder,
    workspace,
    note: (text) => process.stderr.write(`${text}\n`),
  });
  await writeFile(target, powerDocument(results, REFERENCES));
} finally {
  await workspace.close();
  await rm(folder, { recursive: true, force: true });
}
