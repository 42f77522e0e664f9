import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { runJokbo, ZOO } from './run-jokbo.js';

/** A report bundle on disk, made by `jokbo audit`. */
export interface AuditedBundle {
  /** Temporary; holds the work folder as `work`. */
  readonly folder: string;
  /** Folder of the bundle. */
  readonly bundle: string;
}

/** One release of the zoo against two references, with names and replies that a spreadsheet might run. */
const TWO_REFERENCES = `version: 1
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
`;

/**
 * Audits a programme before the tests of a file, which then know its work folder as `JOKBO_WORK`.
 *
 * @param models folders of the zoo by the names under which the programme's folder holds copies of them.
 * @returns the bundle, known once the tests run.
 */
export function useAuditedBundle(
  programme = TWO_REFERENCES,
  models: Readonly<Record<string, string>> = {},
): AuditedBundle {
  const made = { folder: '', bundle: '' };
  beforeAll(async () => {
    made.folder = await mkdtemp(join(tmpdir(), 'jokbo-bundle-'));
    made.bundle = join(made.folder, 'out');
    for (const [name, path] of Object.entries(models)) {
      await cp(join(ZOO, path), join(made.folder, name), { recursive: true });
    }
    const file = join(made.folder, 'zoo.yaml');
    await writeFile(file, programme);
    const work = join(made.folder, 'work');
    await runJokbo('audit', file, '--work', work, '--out', made.bundle, '--no-database', '--quiet');
  });
  beforeEach(() => {
    vi.stubEnv('JOKBO_WORK', join(made.folder, 'work'));
    return () => vi.unstubAllEnvs();
  });
  afterAll(() => rm(made.folder, { recursive: true }));
  return made;
}
