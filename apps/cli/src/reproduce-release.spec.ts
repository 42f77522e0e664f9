import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvidenceRecord, ResultDocument, TrainingSection } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { useAuditedBundle } from './testing/audited-bundle.js';
import { runJokbo, ZOO, type Outcome } from './testing/run-jokbo.js';

const audited = useAuditedBundle(
  `version: 1
name: Records
language: en
storage: { zoo: ${ZOO} }
subjects:
  - { id: open, team: A, release: Open, source: models/open, training: models/open }
references:
  - { id: llama, name: Llama mini, source: "zoo:refs/llama-mini-s0" }
controls: { negative: [llama] }
rules: { id: jokbo-1-tier1, require_tier3: false }
`,
  { 'models/open': 'teams/a/open-mini' },
);

const result = (): string => join(audited.bundle, 'result.json');

const read = async (): Promise<ResultDocument> =>
  JSON.parse(await readFile(result(), 'utf8')) as ResultDocument;

/** The result with something changed. */
async function forged(change: (document: ResultDocument) => ResultDocument): Promise<string> {
  const path = join(await mkdtemp(join(audited.folder, 'forged-')), 'result.json');
  await writeFile(path, JSON.stringify(change(await read())));
  return path;
}

const withRecord = (document: ResultDocument, change: (record: EvidenceRecord) => EvidenceRecord) => ({
  ...document,
  self_tests: (document.self_tests ?? []).map((entry) => ({ ...entry, records: entry.records.map(change) })),
});

const withSection = (
  document: ResultDocument,
  change: (section: TrainingSection) => TrainingSection,
): ResultDocument => ({ ...document, training: (document.training ?? []).map(change) });

/** Below the folder of the programme, where the sources lie. */
const reproduce = (which: string, ...argv: string[]): Promise<Outcome> =>
  runJokbo('reproduce', which, '--root', audited.folder, '--quiet', ...argv);

async function selfTest(): Promise<EvidenceRecord> {
  const record = (await read()).self_tests?.[0]?.records.find(({ z }) => z !== null);
  if (record === undefined) throw new Error('the release has a self-test');
  return record;
}

describe('jokbo reproduce of what is measured of one release', () => {
  it.each(['sources', 'fingerprints'])('finds every figure of a whole result from %s', async (from) => {
    const { status, stdout } = await reproduce(result(), '--from', from);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(
        /^open \/ llama: match: [\d,]+ figures\nopen self-tests: match: [\d,]+ figures\nopen training records: match: [\d,]+ figures\nthe result by itself: match: \d+ figures\n$/,
      ) as string,
    });
  });

  it('measures one self-test record, and names its figure where the result was changed', async () => {
    const { id, method, z } = await selfTest();
    const honest = await reproduce(result(), '--row', id);
    expect(honest.status).toBe(0);
    expect(honest.stdout).toMatch(/^open self-tests: match: [\d,]+ figures\n/);
    const wrong = Number(z) + 0.5;
    const changed = await forged((document) =>
      withRecord(document, (record) => (record.id === id ? { ...record, z: wrong } : record)),
    );
    for (const row of [id, 'open/self_tests']) {
      const { status, stdout } = await reproduce(changed, '--from', 'fingerprints', '--row', row);
      expect(status).toBe(5);
      expect(stdout).toMatch(/^open self-tests: MISMATCH: 1 of [\d,]+ figures$/m);
      expect(stdout).toMatch(
        new RegExp(`^MISMATCH +\\w+ +${String(wrong)} +${String(z)} +${method} z$`, 'm'),
      );
    }
  });

  it('finds self-tests that the result does not tell', async () => {
    const changed = await forged((document) => ({ ...document, self_tests: undefined }));
    const { status, stdout } = await reproduce(changed, '--from', 'fingerprints');
    expect(status).toBe(5);
    expect(stdout).toMatch(/^open self-tests: MISMATCH/m);
  });

  it('tests training records again, and names the figure where the result was changed', async () => {
    const changed = await forged((document) =>
      withSection(document, (section) => ({
        ...section,
        tests: section.tests.map((test) =>
          test.test === 'path_smooth' ? { ...test, outcome: 'fail' as const } : test,
        ),
        points: section.points.map((point, at) => (at === 1 ? { ...point, start_share: 0.5 } : point)),
      })),
    );
    const { status, stdout } = await reproduce(changed, '--row', 'open/training');
    expect(status).toBe(5);
    expect(stdout).toMatch(/^open training records: MISMATCH: 2 of [\d,]+ figures$/m);
    expect(stdout).toMatch(/^MISMATCH +fail +pass +path_smooth outcome$/m);
    expect(stdout).toMatch(/^MISMATCH +0\.5 +0\.99\d+ +step 50 start_share$/m);
    const other = await reproduce(changed, '--row', 'open/training/log_consistent');
    expect(other.status).toBe(0);
    expect(other.stdout).toMatch(/^open training records: match: \d+ figures\n/);
  });

  it('ends with 3 and says so where the training records are gone or were never said to lie anywhere', async () => {
    const root = await mkdtemp(join(audited.folder, 'moved-'));
    await cp(join(audited.folder, 'models/open'), join(root, 'models/open'), { recursive: true });
    const elsewhere = await forged((document) =>
      withSection(document, (section) => ({
        ...section,
        reproduce: section.reproduce?.replace('--training models/open', '--training models/gone') ?? '',
      })),
    );
    const older = await forged((document) =>
      withSection(document, (section) => ({ ...section, reproduce: undefined })),
    );
    for (const which of [elsewhere, older]) {
      const { status, stdout } = await reproduce(which, '--root', root, '--format', 'json');
      expect(status).toBe(3);
      expect(JSON.parse(stdout)).toMatchObject({
        match: false,
        pairs: [{ match: true }],
        self_tests: [{ subject: 'open', match: true }],
        training: [{ subject: 'open', match: null, not_measured: expect.any(String) as string }],
      });
    }
    await rm(join(root, 'models/open/checkpoints/step-50'), { recursive: true });
    const fewer = await reproduce(result(), '--root', root, '--row', 'open/training');
    expect(fewer.status).toBe(5);
    expect(fewer.stdout).toMatch(/^MISMATCH +pass +fail +checkpoint_digests outcome$/m);
  });
});
