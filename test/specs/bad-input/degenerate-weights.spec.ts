import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZOO } from '../zoo-models.js';
import { programmeText } from './commands.js';
import { copyModel, fillTensors, SINGLE, type ModelFolder } from './model-folder.js';
import { runHere } from './run-jokbo.js';

/** Upper halves of an f32: what BF16 stores. */
const NAN = 0x7fc0;
const MINUS_INFINITY = 0xff80;
const ONE = 0x3f80;
const LARGEST = 0x7f7f;

const UNRELATED = `${ZOO}refs/llama-mini-s1`;

interface Component {
  readonly component: string;
  readonly verdict: string;
  readonly z: number | null;
  readonly r: number | null;
  readonly log10_p: number | null;
  readonly tensors: number;
}

interface AuditedPair {
  readonly evidence: readonly {
    readonly component: string;
    readonly method: string;
    readonly status: string;
    readonly z: number | null;
    readonly skipped: readonly { readonly key: string; readonly reason: string }[];
  }[];
}

const dir = mkdtempSync(join(tmpdir(), 'jokbo-bad-input-'));
let folder: ModelFolder;
let sound: Buffer;

beforeAll(() => {
  folder = copyModel(SINGLE, join(dir, 'model'));
  sound = folder.read('model.safetensors');
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Spoils the weights of the chosen tensors, from the sound ones on. */
function fill(
  chosen: (name: string) => boolean,
  bits: (element: number) => number | null,
): readonly string[] {
  folder.write('model.safetensors', sound);
  return fillTensors(folder, 'model.safetensors', chosen, bits);
}

function run(...argv: readonly string[]) {
  return runHere([...argv, '--work', join(dir, 'work'), '--threads', '1', '--quiet']);
}

async function compared(reference: string, said = /^$/) {
  const { exit, stdout, stderr } = await run('compare', folder.path, reference, '--format', 'json');
  expect(stderr).toMatch(said);
  const { verdict, components } = JSON.parse(stdout) as { verdict: string; components: Component[] };
  const of = (name: string) => components.find(({ component }) => component === name);
  return { exit, verdict, of };
}

const NOT_MEASURED = { z: null, r: null, log10_p: null, tensors: 0 };

/** A file with NaN, infinities or constants is legal: it is read, and no figure is made of it. */
describe('weights that no statistic is defined for', () => {
  it.each([
    ['one NaN', 'attention', /layers\.1\.self_attn\.q_proj/, NAN, 77],
    ['one infinity', 'mlp', /layers\.1\.mlp\.up_proj/, MINUS_INFINITY, 0],
    ['values beyond all bounds', 'mlp', /layers\.2\.mlp/, LARGEST, null],
  ])('%s: the component is invalid and nothing is decided', async (_, name, tensors, value, only) => {
    fill(
      (tensor) => tensors.test(tensor),
      (element) => (only === null || element === only ? value : null),
    );
    const { exit, verdict, of } = await compared(UNRELATED);
    expect(of(name)).toMatchObject({ ...NOT_MEASURED, verdict: 'invalid' });
    expect(of('embedding')).toMatchObject({ verdict: 'no_link_found' });
    expect([verdict, exit]).toEqual(['invalid', 4]);
  });

  it('one NaN hides no finding in the other components', async () => {
    fill(
      (tensor) => tensor === 'model.layers.1.self_attn.q_proj.weight',
      (element) => (element === 77 ? NAN : null),
    );
    const { exit, of } = await compared(`${ZOO}${SINGLE}`);
    expect(of('attention')).toMatchObject({ ...NOT_MEASURED, verdict: 'invalid' });
    expect(of('mlp')).toMatchObject({ verdict: 'identical' });
    expect(exit).toBe(1);
  });

  it('the message names the tensor', async () => {
    const [tensor = ''] = fill(
      (name) => name.endsWith('0.mlp.gate_proj.weight'),
      () => NAN,
    );
    const { exit, stdout } = await run('compare', folder.path, UNRELATED);
    // Lines of a terminal break between words.
    expect(stdout.replace(/\s+/g, ' ')).toContain(`NaN or infinite elements in tensors (1), e.g. ${tensor} `);
    expect(exit).toBe(4);
  });

  it.each([
    ['norms of ones', 'norms', /norm/, ONE],
    ['attention of zeros', 'attention', /self_attn/, 0],
  ])('%s: the component is not comparable, its figures are absent', async (_, name, tensors, value) => {
    fill(
      (tensor) => tensors.test(tensor),
      () => value,
    );
    const { exit, verdict, of } = await compared(UNRELATED);
    expect(of(name)).toMatchObject({ ...NOT_MEASURED, verdict: 'not_comparable' });
    expect([verdict, exit]).toEqual(['no_link_found', 0]);
  });

  it('nothing but zeros: the model is not comparable, not clean', async () => {
    fill(
      () => true,
      () => 0,
    );
    const { exit, verdict, of } = await compared(
      UNRELATED,
      /^jokbo: nothing of [^\n]+ could be compared [^\n]+\n$/,
    );
    for (const name of ['embedding', 'attention', 'mlp', 'norms']) {
      expect(of(name)).toMatchObject({ ...NOT_MEASURED, verdict: 'not_comparable' });
    }
    expect([verdict, exit]).toEqual(['not_comparable', 4]);
  });

  it('an audit lists every constant tensor that it skipped', async () => {
    fill(
      (tensor) => tensor.includes('norm'),
      () => ONE,
    );
    const programme = join(dir, 'programme.yaml');
    writeFileSync(programme, programmeText(folder.path, UNRELATED));
    const { stdout, stderr } = await run('audit', programme, '--no-database', '--format', 'json');
    expect(stderr).toBe('');
    const [pair] = (JSON.parse(stdout) as { pairs: AuditedPair[] }).pairs;
    const traces = pair?.evidence.filter(
      ({ component, method }) => component === 'norms' && method === 'trace',
    );
    expect(traces).toHaveLength(1);
    expect(traces?.[0]?.z).toBeNull();
    expect(traces?.[0]?.status).not.toBe('measured');
    expect(traces?.[0]?.skipped.map(({ reason }) => reason)).toEqual(Array(9).fill('zero-variance'));
  });
});
