import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ResultDocument } from '@jokbo/contracts';
import { findTensorflow } from '@jokbo/tools/tensorflow';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProgram } from './infra/run-program.js';
import { ZOO } from './zoo-models.js';

const JOKBO = fileURLToPath(new URL('../../apps/cli/bin/jokbo.js', import.meta.url));

/** What issue and design allow between backends. */
const CLOSE = 1e-6;

const PROGRAMME = `version: 1
name: Two backends
language: en
storage: { zoo: ${JSON.stringify(ZOO)} }
subjects: [{ id: vae, team: E, release: VAE, source: "zoo:teams/e/vae-mini" }]
references:
  - { id: glm, name: GLM, source: "zoo:refs/glm-air-mini" }
  - { id: llama, name: Llama mini, source: "zoo:refs/llama-mini-s2" }
controls: { negative: [llama] }
rules: { id: jokbo-1-tier1, require_tier3: false }
`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo backends '));
  await writeFile(join(folder, 'programme.yaml'), PROGRAMME);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The result of an audit; all share one work folder. */
async function audit(backend: string, tensorflow: string): Promise<ResultDocument> {
  const [work, out] = [join(folder, 'work'), join(folder, backend)];
  const places = ['--work', work, '--out', out, '--no-database', '--quiet'];
  const { stderr } = await runProgram(
    process.execPath,
    [JOKBO, 'audit', join(folder, 'programme.yaml'), '--backend', backend, '--threads', '2', ...places],
    { env: { JOKBO_TENSORFLOW: tensorflow } },
  );
  expect(stderr).toBe('');
  return JSON.parse(await readFile(join(out, 'result.json'), 'utf8')) as ResultDocument;
}

const scoresOf = ({ pairs }: ResultDocument): (number | null)[] =>
  pairs.flatMap(({ verdict }) => verdict.components.map(({ z }) => z));

const verdictsOf = ({ pairs }: ResultDocument): unknown =>
  pairs.map(({ verdict }) => [verdict.verdict, ...verdict.components.map((component) => component.verdict)]);

it('an audit with TensorFlow gives the verdicts of WASM, and says what computed it', async (context) => {
  const tensorflow = await findTensorflow({ make: false, say: () => undefined });
  if (tensorflow === null) return context.skip('no TensorFlow: npm run tensorflow makes it');
  const near = await audit('wasm', '');
  const far = await audit('tensorflow', tensorflow);
  expect(verdictsOf(far)).toEqual(verdictsOf(near));
  const expected = scoresOf(near);
  scoresOf(far).forEach((z, index) => {
    const own = expected[index] ?? 0;
    expect(Math.abs((z ?? 0) - own)).toBeLessThanOrEqual(CLOSE * Math.max(1, Math.abs(own)));
  });
  // The evidence of one was not taken for that of the other: some last bits differ.
  expect(JSON.stringify(far)).not.toBe(JSON.stringify(near));
  const manifest = await readFile(join(folder, 'tensorflow', 'manifest.json'), 'utf8');
  expect(JSON.parse(manifest)).toMatchObject({ backend: { name: 'tensorflow', numeric_class: 'tf-f32' } });
}, 300_000);
