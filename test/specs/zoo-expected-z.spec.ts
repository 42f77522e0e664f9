import { TEXT_COMPONENTS, type Component } from '@jokbo/contracts';
import { IDENTITY_MAP, pairTensors, traceOfPairs, type ContiguousMap } from '@jokbo/evidence';
import { createWasmBackend } from '@jokbo/kernels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zooJson, zooLoader } from './zoo-models.js';

interface ExpectedPair {
  readonly subject: string;
  readonly reference: string;
  readonly component: 'text' | 'vision' | 'mtp';
  readonly layer_map?: 'identity' | readonly number[];
  readonly z: number | null;
  readonly tensors: number;
  readonly parts?: Readonly<Record<string, { readonly z: number; readonly tensors: number } | null>>;
}

const PARTS: Readonly<Record<string, Component>> = {
  attn: 'attention',
  embed: 'embedding',
  experts: 'experts',
  lm_head: 'head',
  mlp: 'mlp',
  norm: 'norms',
  router: 'router',
};

/** Three decimals are published. */
const ROUNDING = 6e-4;

const pairs = (zooJson('expected.json') as { pairs: ExpectedPair[] }).pairs.filter((pair) => pair.z !== null);
const loader = zooLoader();
let backend: Awaited<ReturnType<typeof createWasmBackend>>;

beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(async () => {
  await backend.close();
  await loader.close();
});

function mapOf(pair: ExpectedPair): ContiguousMap {
  const list = pair.layer_map;
  if (list === undefined || typeof list === 'string') return IDENTITY_MAP;
  return { name: list.join(','), referenceLayer: (layer) => list[layer] ?? null };
}

async function trace(pair: ExpectedPair, components: readonly Component[]) {
  const subject = (await loader.load(pair.subject)).data;
  const reference = (await loader.load(pair.reference)).data;
  const paired = components.flatMap(
    (component) => pairTensors(subject, reference, component, mapOf(pair)).pairs,
  );
  const { joint } = await traceOfPairs(paired, { subject, reference, backend });
  return joint;
}

describe('raw trace z of the zoo', () => {
  it('covers every pair with a published value', () => {
    expect(pairs.length).toBeGreaterThan(200);
  });

  for (const pair of pairs) {
    it(`${pair.subject} × ${pair.reference}, ${pair.component}`, async () => {
      const joint = await trace(pair, pair.component === 'text' ? TEXT_COMPONENTS : [pair.component]);
      expect(joint?.tensors).toBe(pair.tensors);
      expect(Math.abs((joint?.z ?? Number.NaN) - (pair.z ?? 0))).toBeLessThan(ROUNDING);
      if (pair.component !== 'text') return;
      for (const [name, expected] of Object.entries(pair.parts ?? {})) {
        if (expected === null) continue;
        const component = PARTS[name];
        if (component === undefined) throw new Error(`unknown part ${name}`);
        const part = await trace(pair, [component]);
        expect(part?.tensors, name).toBe(expected.tensors);
        expect(Math.abs((part?.z ?? Number.NaN) - expected.z), name).toBeLessThan(ROUNDING);
      }
    });
  }
});
