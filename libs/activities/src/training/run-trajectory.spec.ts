import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SILENT, type ResultDocument } from '@jokbo/contracts';
import { renderHtml, renderTerminal } from '@jokbo/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalWorkspace } from '../local-workspace.js';
import { validateResult } from '../programme/index.js';
import { readProgramme } from '../read-programme.js';
import { runAudit } from '../run-audit.js';
import { plannedTraining } from './planned-training.js';

const ZOO = fileURLToPath(new URL('../../../../test/zoo', import.meta.url));

const programmeOf = (training: string): string => `
version: 1
name: Training
language: en
storage: { zoo: ${JSON.stringify(ZOO)} }
subjects:
  - { id: open, team: A, release: Open, source: "zoo:teams/a/open-mini"${training} }
references:
  - { id: llama, name: Llama, source: "zoo:refs/llama-mini-s0" }
  - { id: own, name: Own release, source: "zoo:teams/a/open-mini" }
  - { id: glm, name: GLM, source: "zoo:refs/glm-air-mini" }
controls: { negative: [llama] }
budget: { features: 900 }
rules: { id: jokbo-1-tier1, require_tier3: false }
`;
const RECORDS = ', training: "zoo:teams/a/open-mini", declared: [{ from: glm }]';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo-training-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return pathToFileURL(join(folder, name)).href;
}

async function audit(programme: string): Promise<{ document: ResultDocument; digest: string }> {
  const workspace = await openLocalWorkspace({ work: join(folder, 'work'), progress: SILENT });
  try {
    return await runAudit({ programme, workspace, progress: SILENT });
  } finally {
    await workspace.close();
  }
}

describe('an audit with training records', () => {
  it('puts a section into the result document and its reports, and the same bytes again', async () => {
    const programme = await written('records.yaml', programmeOf(RECORDS));
    const { document, digest } = await audit(programme);
    validateResult(document);
    const [section] = document.training ?? [];
    expect(document.training).toHaveLength(1);
    expect(section?.subject).toBe('open');
    expect(section?.points.map(({ step }) => step)).toEqual([0, 50, 100, 200, 400]);
    const failed = section?.tests.filter(({ outcome }) => outcome === 'fail');
    expect(failed).toEqual([]);
    // The release among the references and the declared ancestor are not held against it.
    expect(section?.points[0]?.references.map(({ reference }) => reference)).toEqual(['llama']);
    // A release that the audit fingerprinted is not another one in its trajectory.
    const model = document.models.find(({ id }) => id === 'open');
    expect(section?.points.at(-1)?.fingerprint).toBe(model?.fingerprint);
    const release = document.leaderboard.find(({ subject }) => subject === 'open')?.release;
    expect(renderTerminal(document, { width: 100, colour: false })).toContain(`Training records: ${release}`);
    expect(renderHtml(document)).toContain('<section id="training">');
    expect((await audit(programme)).digest).toBe(digest);
  });

  it('goes on where records cannot be had, and says so', async () => {
    // A folder that a file stands in the way of: no error of a format, which would be a finding.
    await writeFile(join(folder, 'file'), 'no folder');
    const away = `, training: ${JSON.stringify(join(folder, 'file', 'records'))}`;
    const { document } = await audit(await written('away.yaml', programmeOf(away)));
    validateResult(document);
    expect(document.failures).toMatchObject({ models: [], comparisons: [], training: [{ subject: 'open' }] });
    const [failed] = document.failures?.training ?? [];
    const [section, ...others] = document.training ?? [];
    expect(others).toEqual([]);
    expect(section).toMatchObject({
      subject: 'open',
      points: [],
      unreadable: [{ message: failed?.message }],
    });
    expect(new Set(section?.tests.map(({ outcome }) => outcome))).toEqual(new Set(['not_provided']));
    const whole = await audit(await written('none.yaml', programmeOf('')));
    expect(document.pairs).toEqual(whole.document.pairs);
    const text = renderTerminal(document, { width: 200, colour: false });
    expect(text).toContain('[incomplete]');
    expect(text).toContain('Training records of Open could not be tested');
  });

  it('leaves a document without records as it was', async () => {
    const { document } = await audit(await written('none.yaml', programmeOf('')));
    expect(document).not.toHaveProperty('training');
    validateResult(document);
    expect(renderHtml(document)).not.toContain('id="training"');
  });
});

describe('plannedTraining', () => {
  it('names the subjects with records, where these lie, and the references that count', async () => {
    const uri = await written('planned.yaml', programmeOf(RECORDS));
    expect(plannedTraining(await readProgramme(uri), uri)).toEqual([
      { subject: 'open', uri: pathToFileURL(`${ZOO}/teams/a/open-mini`).href, references: ['llama'] },
    ]);
    const none = await written('unplanned.yaml', programmeOf(''));
    expect(plannedTraining(await readProgramme(none), none)).toEqual([]);
  });
});
