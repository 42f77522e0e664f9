import type { Component, PairVerdict } from '@jokbo/contracts';
import { compareModels } from '@jokbo/evidence';
import { int8Model, type ModelData } from '@jokbo/fingerprint';
import { createWasmBackend } from '@jokbo/kernels';
import { decideAudit, DEFAULT_THRESHOLDS } from '@jokbo/verdict';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { madeModel, measuredMade, tensorsOf, type MadeTensor } from './made-models.js';
import { zooLoader } from './zoo-models.js';

const OWN = 'refs/llama-mini-s0';
const BASE = 'refs/llama-mini-s1';
const CONTROL = 'refs/llama-mini-s2';

/** How strongly the weights of a trained layer lean on the directions of the embedding that it reads. */
const LEANING = 3;

const loader = zooLoader();
let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(async () => {
  await backend.close();
  await loader.close();
});

/** W → W(1 + c E'E/‖E'E‖): each row leans on the directions in which the embedding varies. */
function leanOn(embedding: MadeTensor, tensor: MadeTensor): MadeTensor {
  const { values: e, features: tokens, units: d } = embedding;
  const lean = new Float64Array(d * d);
  for (let token = 0; token < tokens; token += 1) {
    for (let i = 0; i < d; i += 1) {
      for (let j = 0; j < d; j += 1) {
        lean[i * d + j] = (lean[i * d + j] ?? NaN) + (e[token * d + i] ?? NaN) * (e[token * d + j] ?? NaN);
      }
    }
  }
  const norm = Math.sqrt(lean.reduce((sum, x) => sum + x * x, 0));
  const values = new Float64Array(tensor.values.length);
  for (let row = 0; row < tensor.features; row += 1) {
    for (let j = 0; j < d; j += 1) {
      let sum = tensor.values[row * d + j] ?? NaN;
      for (let i = 0; i < d; i += 1) {
        sum += ((LEANING * (lean[i * d + j] ?? NaN)) / norm) * (tensor.values[row * d + i] ?? NaN);
      }
      values[row * d + j] = sum;
    }
  }
  return { ...tensor, values };
}

async function measure(a: ModelData, b: ModelData, options = {}) {
  const { records } = await compareModels(a, b, backend, { primariesOnly: true, ...options });
  return { subject: a.id, reference: b.id, records };
}

async function decide(subject: ModelData, reference: ModelData): Promise<PairVerdict> {
  const control = await measure(reference, (await loader.load(CONTROL)).data);
  const [verdict] = decideAudit({
    models: new Map([subject, reference].map((model) => [model.id, measuredMade(model.id, model)])),
    calibration: [],
    rules: DEFAULT_THRESHOLDS,
    tier3: 'waived',
    pairs: [
      {
        pair: await measure(subject, reference),
        controls: {
          negative: [{ model: CONTROL, pair: control }],
          knownDerivative: null,
          int8: await measure(subject, int8Model(subject)),
          identity: await measure(subject, subject, { traceOnly: true, identityOnly: true }),
        },
        declared: null,
      },
    ],
  });
  if (verdict === undefined) throw new Error('no verdict');
  return verdict;
}

it('names the copied embedding in attention that was only trained around it, and counts the embedding alone', async () => {
  const [own, base] = [(await loader.load(OWN)).data, (await loader.load(BASE)).data];
  const [embedding] = await tensorsOf(base, 'embedding');
  if (embedding === undefined) throw new Error('no embedding');
  const attention = (await tensorsOf(own, 'attention')).map((tensor) => leanOn(embedding, tensor));
  const subject = madeModel('around', own, ['embedding', 'attention'], [embedding, ...attention]);
  const found = await decide(subject, base);
  const of = (component: Component) => found.components.find((entry) => entry.component === component);
  expect(of('embedding')).toMatchObject({ verdict: 'derived' });
  expect(of('attention')).toMatchObject({
    verdict: 'common_origin',
    type: 'induced by embedding',
    statistic: 'residual_gram',
    parameters_linked: 0,
  });
  expect(of('attention')?.reasons[0]?.text).toContain('embedding');
  expect(of('mlp')?.verdict).toBe('no_link_found');
  expect(found.verdict).toBe('partially_derived');
  const parameters = found.components.reduce((sum, component) => sum + component.parameters, 0);
  expect(found.linked_share).toBeCloseTo((of('embedding')?.parameters ?? NaN) / parameters, 12);
  const independent = await decide(own, base);
  expect(independent.components.map(({ verdict }) => verdict)).not.toContain('common_origin');
});
