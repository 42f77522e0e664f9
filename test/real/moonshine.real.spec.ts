import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareSources, openLocalWorkspace } from '@jokbo/activities';
import { SILENT, type EvidenceRecord } from '@jokbo/contracts';
import { createJointTrace } from '@jokbo/evidence';
import { createTaskRunner, fingerprintCheckpoint, openCheckpoint, type ModelData } from '@jokbo/fingerprint';
import { createWasmBackend } from '@jokbo/kernels';
import { readCheckpoint } from '@jokbo/models';
import { decodeF64, readHeader } from '@jokbo/safetensors';
import { centreFeatures, innerProduct, rawCosine, squaredNorm, type Factor } from '@jokbo/statistics';
import { openStore } from '@jokbo/storage';
import { fetchMoonshine } from '@jokbo/tools';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface ExpectedTensor {
  readonly shape: readonly number[];
  readonly cosine: number;
  readonly pearson: number;
  readonly z_resid_perm?: number;
}

interface ExpectedPair {
  readonly joint_z: Readonly<Record<'decoder' | 'encoder' | 'all', number>>;
  readonly joint_tensors: Readonly<Record<'decoder' | 'encoder' | 'all', number>>;
  readonly tensors: Readonly<Record<string, ExpectedTensor>>;
}

const CACHE = fileURLToPath(new URL('../../.cache/moonshine/', import.meta.url));
const EXPECTED = fileURLToPath(new URL('moonshine-expected.json', import.meta.url));
const expected = (JSON.parse(readFileSync(EXPECTED, 'utf8')) as { pairs: Record<string, ExpectedPair> })
  .pairs['tinyF|tinyQ'];
if (expected === undefined) throw new Error('the pair is missing');

/** Published name → Hub-like name. */
function hubName(name: string): string {
  const path = name.startsWith('enc.') ? `model.encoder.${name.slice('enc.'.length)}` : name;
  return /\.(?:weight|bias)$/.test(path) ? path : `${path}.weight`;
}

interface StoredModel {
  readonly tensors: ReadonlyMap<string, { readonly values: Float64Array; readonly shape: readonly number[] }>;
  readonly data: ModelData;
  readonly close: () => Promise<void>;
}

const runner = createTaskRunner();
const parts = new Map<string, Uint8Array>();
let backend: Awaited<ReturnType<typeof createWasmBackend>>;
let tiny: StoredModel;
let quantised: StoredModel;
let folders: Awaited<ReturnType<typeof fetchMoonshine>>;

/** The file itself, decoded by the reader alone, and the checkpoint as every stage of the audit sees it. */
async function load(folder: string): Promise<StoredModel> {
  const store = openStore(folder);
  const checkpoint = await readCheckpoint(store, store.uri);
  const tensors = new Map<string, { values: Float64Array; shape: readonly number[] }>();
  for (const { path } of checkpoint.files) {
    const source = await store.open(path);
    for (const { name, begin, end, dtype, shape } of (await readHeader(source)).tensors) {
      const bytes = new Uint8Array(end - begin);
      await source.read({ start: begin, end }, bytes);
      tensors.set(name, { values: decodeF64({ bytes, dtype, shape }), shape });
    }
    await source.close();
  }
  const fingerprint = await fingerprintCheckpoint(checkpoint, store, runner, {
    get: (key) => Promise.resolve(parts.get(key) ?? null),
    put: (key, value) => {
      parts.set(key, value instanceof Uint8Array ? value : new Uint8Array(Buffer.concat(value)));
      return Promise.resolve();
    },
  });
  const data = openCheckpoint(checkpoint, store, runner, fingerprint);
  return {
    tensors,
    data,
    close: async () => {
      await data.close();
      await store.close();
    },
  };
}

beforeAll(async () => {
  folders = await fetchMoonshine(CACHE);
  backend = await createWasmBackend();
  tiny = await load(folders.tiny);
  quantised = await load(folders.tinyInt8);
});

afterAll(async () => {
  await tiny.close();
  await quantised.close();
  await runner.close();
  await backend.close();
});

/** Residual-axis factor of a stored tensor: rows of o_proj and fc2, vectors, else columns. */
function factorOf(model: StoredModel, name: string): Factor {
  const tensor = model.tensors.get(hubName(name));
  if (tensor === undefined) throw new Error(`no tensor ${hubName(name)}`);
  const [rows = 1, columns = 1] = tensor.shape;
  if (tensor.shape.length === 1) return { values: tensor.values, features: 1, units: rows };
  if (!/\.(?:o_proj|fc2)$/.test(name)) return { values: tensor.values, features: rows, units: columns };
  const values = new Float64Array(rows * columns);
  tensor.values.forEach((value, at) => {
    values[(at % columns) * rows + Math.floor(at / columns)] = value;
  });
  return { values, features: columns, units: rows };
}

async function jointZ(names: readonly string[]) {
  const [first] = names;
  if (first === undefined) throw new Error('no tensors');
  const joint = createJointTrace(factorOf(tiny, first).units, backend);
  const z = new Map<string, number>();
  for (const name of names) {
    const test = await joint.add(
      centreFeatures(factorOf(tiny, name)),
      centreFeatures(factorOf(quantised, name)),
    );
    if (test !== null) z.set(name, test.z);
  }
  return { z, result: await joint.finish() };
}

const names = Object.keys(expected.tensors);
const residual = names.filter((name) => expected.tensors[name]?.z_resid_perm !== undefined);
const groups = {
  decoder: residual.filter((name) => name.startsWith('model.decoder')),
  encoder: residual.filter((name) => name.startsWith('enc.')),
  all: residual,
};

/** The blocks of a full comparison are the published tensors, but for the fused fc1, which is split into gate and up. */
function expectPublishedBlocks(evidence: readonly EvidenceRecord[]): void {
  const nameOf = new Map(names.map((name) => [hubName(name), name]));
  const blocks = evidence.filter(({ method }) => method === 'trace').flatMap((record) => record.blocks);
  const compared = blocks.flatMap((block) => {
    const name = nameOf.get(quantised.data.tensors.get(block.key)?.stored ?? '');
    const published =
      name === undefined || /decoder.*fc1$/.test(name) ? undefined : expected?.tensors[name]?.z_resid_perm;
    return published === undefined ? [] : [Math.abs((block.z ?? Number.NaN) - published)];
  });
  expect(compared.length).toBeGreaterThan(110);
  expect(Math.max(...compared)).toBeLessThan(1e-4);
}

describe('Moonshine tiny, float against its own int8', () => {
  it('has the published shapes, cosines and Pearson correlations', () => {
    for (const name of names) {
      const a = tiny.tensors.get(hubName(name));
      const b = quantised.tensors.get(hubName(name));
      const figures = expected.tensors[name];
      if (a === undefined || b === undefined || figures === undefined) throw new Error(`no tensor ${name}`);
      expect(a.shape, name).toEqual(figures.shape);
      expect(Math.abs((rawCosine(a.values, b.values) ?? Number.NaN) - figures.cosine), name).toBeLessThan(
        1e-8,
      );
      const [x, y] = [a, b].map(({ values }) =>
        centreFeatures({ values, features: 1, units: values.length }),
      );
      if (x === undefined || y === undefined) throw new Error('two factors');
      const pearson =
        innerProduct(x.values, y.values) / Math.sqrt(squaredNorm(x.values) * squaredNorm(y.values));
      expect(Math.abs(pearson - figures.pearson), name).toBeLessThan(1e-8);
    }
  });

  for (const group of ['decoder', 'encoder', 'all'] as const) {
    it(`reproduces the joint z of ${group} and the z of each tensor`, async () => {
      const { z, result } = await jointZ(groups[group]);
      expect(result?.tensors).toBe(expected.joint_tensors[group]);
      expect(Math.abs((result?.z ?? Number.NaN) - expected.joint_z[group])).toBeLessThan(1e-4);
      for (const [name, value] of z) {
        expect(Math.abs(value - (expected.tensors[name]?.z_resid_perm ?? Number.NaN)), name).toBeLessThan(
          1e-4,
        );
      }
    });
  }

  it('says derived over all elements, and on the sample alone', async () => {
    const work = await mkdtemp(join(tmpdir(), 'jokbo-real-'));
    const workspace = await openLocalWorkspace({ work, progress: SILENT });
    try {
      for (const full of [false, true]) {
        const { pair } = await compareSources({
          subject: folders.tinyInt8,
          reference: folders.tiny,
          full,
          workspace,
          progress: SILENT,
        });
        expect(pair.mode).toBe(full ? 'full' : 'sampled');
        expect(pair.verdict.verdict).toBe('derived');
        if (full) expectPublishedBlocks(pair.evidence);
        const classes = pair.verdict.components.map(({ component, verdict }) => `${component} ${verdict}`);
        expect(classes.filter((text) => !/ (?:derived|identical|partially_derived)$/.test(text))).toEqual([]);
      }
    } finally {
      await workspace.close();
      await rm(work, { recursive: true });
    }
  });

  it('sees in its own factors what the file says', async () => {
    const key = 'text|0|attn.o|-|weight';
    const factor = await tiny.data.factor(key);
    if (factor === null) throw new Error('no factor');
    const own = factorOf(tiny, 'model.decoder.layers.0.self_attn.o_proj');
    expect(decodeF64(factor.view)).toEqual(own.values);
  });
});
