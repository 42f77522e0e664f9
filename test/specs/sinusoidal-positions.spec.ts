import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareSources, openLocalWorkspace, type SourceComparison } from '@jokbo/activities';
import { SILENT, type ComponentVerdict, type EvidenceRecord, type Method } from '@jokbo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Trained encoders with sines and cosines as positions: `a` and `b` from seeds of their own, `a-tuned` from `a`. */
const SPEECH = fileURLToPath(new URL('../fixtures/speech/', import.meta.url));

let folder: string;
let workspace: Awaited<ReturnType<typeof openLocalWorkspace>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo-speech-'));
  workspace = await openLocalWorkspace({ work: join(folder, 'work'), progress: SILENT });
});
afterAll(async () => {
  await workspace.close();
  await rm(folder, { recursive: true });
});

function compare(
  subject: string,
  reference: string,
  controls: readonly string[] = [],
): Promise<SourceComparison> {
  return compareSources({ subject, reference, controls, workspace, progress: SILENT });
}

const speech = (name: string): string => join(SPEECH, name);

/** A copy whose config says that the positions of its tower are rotary. */
async function toldRotary(name: string, folderName: string): Promise<string> {
  const copy = join(folder, folderName);
  await cp(speech(name), copy, { recursive: true });
  const config = JSON.parse(await readFile(join(copy, 'config.json'), 'utf8')) as { audio_config: object };
  const audio = { ...config.audio_config, model_type: 'unnamed', position_embedding_type: 'rotary' };
  await writeFile(join(copy, 'config.json'), JSON.stringify({ ...config, audio_config: audio }));
  return copy;
}

/** Such a copy whose stored table of positions has a name that hides it. */
async function disguised(name: string): Promise<string> {
  const copy = await toldRotary(name, `rotary-${name}`);
  const weights = join(copy, 'model.safetensors');
  const bytes = await readFile(weights);
  const [known, hidden] = ['audio_tower.embed_positions.weight', 'audio_tower_embed_pos.rows.weight.'];
  bytes.write(hidden, bytes.indexOf(known), 'latin1');
  await writeFile(weights, bytes);
  return copy;
}

function audioOf({ pair }: SourceComparison): ComponentVerdict {
  const found = pair.verdict.components.find(({ component }) => component === 'audio');
  if (found === undefined) throw new Error('no audio tower');
  return found;
}

function recordOf({ pair }: SourceComparison, method: Method): EvidenceRecord {
  const found = pair.evidence.find((record) => record.component === 'audio' && record.method === method);
  if (found === undefined) throw new Error(`no ${method} of the audio tower`);
  return found;
}

describe('audio towers with sinusoidal positions', () => {
  it('that were trained apart are held against each other over hidden units, and not linked', async () => {
    const found = await compare(speech('a'), speech('b'));
    expect(recordOf(found, 'trace')).toMatchObject({
      status: 'not_applicable',
      reason: 'residual-axis-ordered',
    });
    expect(audioOf(found).verdict).toBe('no_link_found');
    for (const method of ['hidden_gram', 'hidden_trace'] as const) {
      expect(Math.abs(recordOf(found, method).z ?? NaN), method).toBeLessThan(4);
    }
    expect(found.models.map(({ findings }) => findings.join())).toEqual([
      expect.stringContaining('sinusoidal-positions: sines and cosines are added to the audio stream'),
      expect.stringContaining('sinusoidal-positions: sines and cosines are added to the audio stream'),
    ]);
  });

  it('would stand out over residual dimensions, which have an order', async () => {
    const naive = await compare(await disguised('a'), await disguised('b'));
    expect(recordOf(naive, 'trace').z).toBeGreaterThan(5);
    expect(audioOf(naive).verdict).not.toBe('no_link_found');
  });

  it('are seen by the table that one of them stores, whatever its config says', async () => {
    const copy = await toldRotary('b', 'named-otherwise');
    expect(recordOf(await compare(speech('a'), copy), 'trace').status).toBe('not_applicable');
  });

  it('are derived where one was trained on from the other', async () => {
    const found = await compare(speech('a-tuned'), speech('a'), [speech('b')]);
    expect(audioOf(found).verdict).toBe('derived');
    expect(recordOf(found, 'hidden_trace').r).toBeGreaterThan(0.9);
    const controls = found.pair.verdict.controls.filter(({ component }) => component === 'audio');
    expect(controls.map(({ kind, method, passed }) => [kind, method, passed])).toEqual([
      ['negative', 'hidden_gram', true],
      ['negative', 'hidden_trace', true],
      ['positive', 'hidden_gram', true],
      ['positive', 'hidden_trace', true],
      ['self_scramble', 'hidden_gram', true],
      ['self_scramble', 'hidden_trace', true],
      ['identity', 'trace', true],
    ]);
  });
});
