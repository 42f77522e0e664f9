import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SILENT, UsageError, type ResultDocument } from '@jokbo/contracts';
import { joinUri } from '@jokbo/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalWorkspace } from '../local-workspace.js';
import { validateResult } from '../programme/index.js';
import type { ReproducedFigure } from '../reproduced-figure.js';
import { runAudit } from '../run-audit.js';
import { reproduceTraining } from './reproduce-training.js';

const ZOO = fileURLToPath(new URL('../../../../test/zoo', import.meta.url));

/** With a declared ancestor that no checkpoint is held against. */
const PROGRAMME = `
version: 1
name: Broken records
language: en
storage: { zoo: ${JSON.stringify(ZOO)} }
subjects:
  - { id: json, team: A, release: A, source: models/json, training: records/json }
  - { id: step, team: B, release: B, source: models/step, training: records/step, declared: [{ from: declared }] }
  - { id: none, team: C, release: C, source: models/none, training: records/none }
references:
  - { id: declared, name: Declared, source: "zoo:refs/llama-mini-s2" }
  - { id: one, name: One, source: "zoo:refs/llama-mini-s1" }
rules: { id: jokbo-1-tier1, require_tier3: false }
`;

let folder = '';
let document: ResultDocument;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo reproduce '));
  const here = join(folder, 'here');
  for (const name of ['json', 'step', 'none']) {
    await cp(join(ZOO, 'refs/llama-mini-s0'), join(here, 'models', name), { recursive: true });
  }
  for (const path of ['records/json', 'records/none', 'records/step/checkpoints/step-0']) {
    await mkdir(join(here, path), { recursive: true });
  }
  await writeFile(join(here, 'records/json/training.json'), '{');
  await writeFile(join(here, 'records/step/checkpoints/step-0/config.json'), '{');
  await writeFile(join(here, 'records/step/checkpoints/step-0/model.safetensors'), 'no header');
  await writeFile(join(here, 'programme.yaml'), PROGRAMME);
  const workspace = await openLocalWorkspace({ work: join(folder, 'work'), progress: SILENT });
  const programme = pathToFileURL(join(here, 'programme.yaml')).href;
  ({ document } = await runAudit({ programme, workspace, progress: SILENT }));
  await workspace.close();
  await cp(here, join(folder, 'there'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

/** In another folder than that of the audit. */
async function measured(subject: string, of: ResultDocument): Promise<ReproducedFigure[]> {
  const work = await mkdtemp(join(folder, 'work-'));
  const workspace = await openLocalWorkspace({ work, progress: SILENT });
  const root = joinUri(join(folder, 'there'), '');
  const locate = (place: string): Promise<string> =>
    Promise.resolve(place.includes('://') ? place : joinUri(root, place));
  try {
    return await reproduceTraining({
      ...{ document: of, subject, resolve: locate, locate, folder: root, workspace, progress: SILENT },
    });
  } finally {
    await workspace.close();
  }
}

describe('training records that were broken or absent', () => {
  it('are named without the folder of the programme', () => {
    validateResult(document);
    const [json, step, none] = document.training ?? [];
    expect(json?.unreadable).toMatchObject([
      { message: expect.stringContaining('(object records/json/training.json)') as string },
    ]);
    expect(step?.unreadable).toMatchObject([{ object: expect.stringMatching(/^records\/step\//) as string }]);
    expect(none?.unreadable).toEqual([]);
    expect(JSON.stringify(document.training)).not.toContain(joinUri(folder, ''));
  });

  it.each(['json', 'step', 'none'])('are found so again in another folder: %s', async (subject) => {
    const figures = await measured(subject, document);
    expect(figures.filter(({ match }) => !match)).toEqual([]);
    expect(figures.length).toBeGreaterThan(10);
  });

  it('are not those of a result that tells other messages or references', async () => {
    const [, step] = document.training ?? [];
    if (step === undefined) throw new Error('the release has records');
    const unreadable = step.unreadable.map((one) => ({ ...one, message: 'another' }));
    const points = step.points.map((point) => ({ ...point, references: point.references.slice(1) }));
    const changed = { ...document, training: [{ ...step, unreadable, points }] };
    const wrong = (await measured('step', changed)).filter(({ match }) => !match).map(({ name }) => name);
    expect(wrong).toContain('unreadable message');
    expect(wrong.some((name) => /^step \d+ one reference$/.test(name))).toBe(true);
    expect(wrong.some((name) => name.includes('declared'))).toBe(false);
  });

  it('cannot be measured where the result tells of records and there are none', async () => {
    const [json] = document.training ?? [];
    const changed = {
      ...document,
      training: [{ ...json, reproduce: json?.reproduce?.replace('records/json', 'records/none') }],
    };
    await expect(measured('json', changed as ResultDocument)).rejects.toBeInstanceOf(UsageError);
  });
});
