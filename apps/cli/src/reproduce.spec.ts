import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResultDocument } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { useAuditedBundle } from './testing/audited-bundle.js';
import { runJokbo, ZOO } from './testing/run-jokbo.js';

const audited = useAuditedBundle();

describe('jokbo reproduce', () => {
  const result = (): string => join(audited.bundle, 'result.json');

  it('measures every pair and self-test of a result again and finds every figure', async () => {
    const { status, stdout } = await runJokbo('reproduce', result(), '--quiet');
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(
        /^intellect \/ glm: match: [\d,]+ figures\nintellect \/ llama: match: [\d,]+ figures\nintellect self-tests: match: [\d,]+ figures\nthe result by itself: match: \d+ figures\n$/,
      ) as string,
    });
  });

  it('measures one component from the fingerprints of the work folder', async () => {
    const argv = ['reproduce', result(), '--row', 'intellect/glm/head', '--from', 'fingerprints', '--quiet'];
    const { status, stdout } = await runJokbo(...argv, '--format', 'json');
    expect(status).toBe(0);
    const found = JSON.parse(stdout) as { match: boolean; pairs: { figures: { component: string }[] }[] };
    expect(found.match).toBe(true);
    const figures = found.pairs.flatMap((pair) => pair.figures);
    expect(new Set(figures.map(({ component }) => component))).toEqual(new Set(['', 'head']));
    const elsewhere = await runJokbo(...argv, '--work', join(audited.folder, 'empty'));
    expect(elsewhere).toMatchObject({ status: 2, stdout: '' });
  });

  it('ends with 5 and names the figure where a result was changed', async () => {
    const document = JSON.parse(await readFile(result(), 'utf8')) as ResultDocument;
    const record = document.pairs[0]?.evidence.find(({ method, z }) => method === 'trace' && z !== null);
    if (record === undefined) throw new Error('the pair has a trace');
    const z = Number(record.z) + 1;
    const pairs = document.pairs.map((pair) => ({
      ...pair,
      evidence: pair.evidence.map((item) => (item.id === record.id ? { ...item, z } : item)),
    }));
    const forged = join(audited.folder, 'forged.json');
    await writeFile(forged, JSON.stringify({ ...document, pairs }));
    const { status, stdout } = await runJokbo('reproduce', forged, '--row', record.id, '--quiet');
    expect(status).toBe(5);
    expect(stdout).toMatch(/^intellect \/ glm: MISMATCH: 1 of [\d,]+ figures\n/);
    expect(stdout).toMatch(new RegExp(`^MISMATCH +\\w+ +${String(z)} +${String(record.z)} +trace z$`, 'm'));
  });

  it('ends with 5 where a verdict tells another p than was measured, or the leaderboard another outcome', async () => {
    const text = await readFile(result(), 'utf8');
    const forged = join(audited.folder, 'forged-p.json');
    const document = JSON.parse(text) as ResultDocument;
    const p = document.pairs[0]?.verdict.components[0]?.log10_p ?? null;
    if (p === null) throw new Error('the component has a p');
    await writeFile(
      forged,
      text
        .replace(`"log10_p":${String(p)},"log10_p_adjusted"`, '"log10_p":-1,"log10_p_adjusted"')
        .replace('"outcome":"derived"', '"outcome":"no_link_found"'),
    );
    const { status, stdout } = await runJokbo('reproduce', forged, '--from', 'fingerprints', '--quiet');
    expect(status).toBe(5);
    expect(stdout).toMatch(/^intellect \/ glm: MISMATCH: 1 of [\d,]+ figures\n/);
    expect(stdout).toMatch(/^the result by itself: MISMATCH: 1 of \d+ figures$/m);
    expect(stdout).toMatch(/^MISMATCH +no_link_found +derived +leaderboard intellect outcome$/m);
  });

  it('ends with 5 and names the file where a byte of the source is another', async () => {
    const root = await mkdtemp(join(audited.folder, 'root-'));
    const programme = join(root, 'intellect');
    await cp(join(ZOO, 'refs', 'intellect-mini'), programme, { recursive: true });
    const path = join(programme, 'model-00002-of-00002.safetensors');
    const bytes = await readFile(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(path, bytes);
    const text = await readFile(result(), 'utf8');
    const moved = join(audited.folder, 'moved.json');
    const { pairs } = JSON.parse(text) as ResultDocument;
    const place = pairs[0]?.reproduce.split(' ')[2] ?? '';
    await writeFile(moved, text.replaceAll(place, programme));
    const { status, stdout } = await runJokbo(
      'reproduce',
      moved,
      '--row',
      'intellect/llama/norms',
      '--quiet',
    );
    expect(status).toBe(5);
    expect(stdout).toContain(
      'the subject is not the model that was published: other bytes in model-00002-of-00002.safetensors\n',
    );
  });

  it('ends with 2 where the fingerprint of the work folder is damaged', async () => {
    const work = await mkdtemp(join(audited.folder, 'damaged-'));
    await cp(join(audited.folder, 'work'), work, { recursive: true });
    const { models } = JSON.parse(await readFile(result(), 'utf8')) as ResultDocument;
    const id = models.find((model) => model.id === 'intellect')?.fingerprint ?? '';
    const path = join(work, 'content', id.slice(0, 2), id);
    const bytes = await readFile(path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const argv = [
      'reproduce',
      result(),
      '--row',
      'intellect/llama/norms',
      '--from',
      'fingerprints',
      '--quiet',
    ];
    const { status, stdout, stderr } = await runJokbo(...argv, '--work', work);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('the work folder holds this fingerprint damaged');
  });

  it('says where the result was made by another method', async () => {
    const text = await readFile(result(), 'utf8');
    const older = join(audited.folder, 'older.json');
    await writeFile(older, text.replace('"version":"0.1.0"', '"version":"0.0.9"'));
    const { stderr } = await runJokbo('reproduce', older, '--row', 'intellect/llama/norms');
    expect(stderr).toMatch(/^the result was made by jokbo 0\.0\.9, .*: figures may differ by method$/m);
  });

  it.each([['intellect'], ['intellect/nobody'], ['intellect/glm/audio'], ['ev-0']])(
    'ends with 2 for a row that is not there: %s',
    async (row) => {
      expect(await runJokbo('reproduce', result(), '--row', row)).toMatchObject({ status: 2, stdout: '' });
    },
  );

  it('ends with 2 where the command of a pair is not one of its own', async () => {
    const text = await readFile(result(), 'utf8');
    const hostile = join(audited.folder, 'hostile.json');
    await writeFile(
      hostile,
      text.replaceAll('"reproduce":"jokbo compare', '"reproduce":"$(id) jokbo compare'),
    );
    expect(await runJokbo('reproduce', hostile, '--quiet')).toMatchObject({ status: 2, stdout: '' });
  });
});
