import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runJokbo, ZOO } from './run-jokbo.js';

/** A report bundle on disk, made by `jokbo audit`. */
export interface AuditedBundle {
  /** Temporary, to be removed by the caller; holds the work folder as `work`. */
  readonly folder: string;
  /** Folder of the bundle. */
  readonly bundle: string;
}

/** Audits one release of the zoo against two references, with names and replies that a spreadsheet might run. */
export async function auditedBundle(): Promise<AuditedBundle> {
  const folder = await mkdtemp(join(tmpdir(), 'jokbo-bundle-'));
  const bundle = join(folder, 'out');
  const programme = join(folder, 'zoo.yaml');
  await writeFile(
    programme,
    `version: 1
name: "Zoo = programme"
language: en
storage: { zoo: ${ZOO} }
subjects:
  - id: intellect
    team: "=B()"
    release: Intellect
    source: "zoo:refs/intellect-mini"
    declared: [{ from: glm, date: 2026-01-05, author: "=C()" }]
    replies: [{ date: 2026-01-12, author: "=D()", reference: glm, text: "=E() <script>alert(1)</script>" }]
references:
  - { id: glm, name: GLM mini, source: "zoo:refs/glm-air-mini" }
  - { id: llama, name: Llama mini, source: "zoo:refs/llama-mini-s0" }
controls: { negative: [llama] }
rules: { id: jokbo-1-tier1, require_tier3: false }
`,
  );
  await runJokbo(
    'audit',
    programme,
    '--work',
    join(folder, 'work'),
    '--out',
    bundle,
    '--no-database',
    '--quiet',
  );
  return { folder, bundle };
}
