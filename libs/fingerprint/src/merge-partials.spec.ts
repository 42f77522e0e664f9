import { MalformedCheckpoint } from '@jokbo/contracts';
import { readCheckpoint } from '@jokbo/models';
import { encodeSafetensors } from '@jokbo/safetensors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../specs/memory-store.js';
import { shardPath, smallLlama } from '../specs/small-llama.js';
import { mergePartials } from './merge-partials.js';
import { decodePartial, encodePartial, type PartialWithSamples } from './partial.js';
import { planReads } from './read-plan.js';
import { createTaskMemory, runTask } from './run-task.js';
import { planSample } from './sample-plan.js';

const store = memoryStore(smallLlama(1));
const checkpoint = await readCheckpoint(store, store.uri);
const sample = planSample(checkpoint, 512);
const memory = createTaskMemory();
const encoded: Uint8Array[] = [];
for (const task of planReads(checkpoint, sample)) encoded.push(await runTask(task, store, memory));
const partials = encoded.map((bytes) => decodePartial(bytes, 'partial'));

describe('a partial fingerprint', () => {
  it('comes back from its bytes, and gives the same bytes again', () => {
    for (const [at, partial] of partials.entries()) {
      expect(Buffer.from(encodePartial(partial)).equals(encoded[at] ?? new Uint8Array(0))).toBe(true);
    }
  });

  it('may hold any names and samples of any size', () => {
    const name = fc
      .string({ unit: 'grapheme', maxLength: 8 })
      .filter((text) => !/\p{Cc}/u.test(text) && text !== '__metadata__');
    const sized = fc.record({ key: name, units: fc.nat(5), features: fc.nat(5) });
    fc.assert(
      fc.property(fc.uniqueArray(sized, { selector: ({ key }) => key }), (list) => {
        const moments = {
          n: 1,
          sum: -0.1,
          sum_squares: 1e300,
          min: null,
          max: 5e-324,
          zeros: 0,
          not_finite: 1,
          entropy_bits: 0.3,
        };
        const given: PartialWithSamples = {
          file: 'a/b.safetensors',
          header_digest: null,
          stored: list.map(({ key }) => [key, key] as const),
          parts: list.map(({ key, units, features }) => {
            const kept = units === 0 ? null : { dtype: 'BF16' as const, features, units };
            return { key, stored: key, digest: key, parameters: units, moments, sample: kept };
          }),
          samples: new Map(
            list
              .filter(({ units }) => units > 0)
              .map(({ key, units, features }) => [key, new Uint8Array(2 * features * units).fill(units)]),
          ),
        };
        expect(decodePartial(encodePartial(given), 'partial')).toEqual(given);
      }),
    );
  });

  it('is told from other files', () => {
    const shard = smallLlama(1)[shardPath(0)] ?? new Uint8Array(0);
    const foreign = encodeSafetensors([], { partial: '{' });
    for (const bytes of [shard, shard.subarray(0, 5), foreign]) {
      expect(() => decodePartial(bytes, 'x')).toThrow(MalformedCheckpoint);
    }
  });
});

describe('mergePartials', () => {
  it('describes stored and logical tensors as the checkpoint does', () => {
    const { document } = mergePartials(checkpoint, sample, 512, partials);
    for (const tensor of checkpoint.tensors) {
      const summary = document.tensors.find(({ key }) => key === tensor.key);
      const { stored, shape, component, residualAxis } = tensor;
      const parameters = shape.reduce((product, size) => product * size, 1);
      expect(summary).toMatchObject({ stored, shape, component, residual_axis: residualAxis, parameters });
      expect(summary).toMatchObject({ bytes: 2 * parameters, dtype: 'BF16', moments: { n: parameters } });
      const plan = sample.plans.get(tensor.key);
      expect(summary?.sample).toEqual(
        plan === undefined ? null : { ...plan.summary, indices: plan.indices, dtype: 'BF16' },
      );
    }
    expect(document.tensors.map(({ key }) => key)).toEqual(checkpoint.tensors.map(({ key }) => key).sort());
  });

  it('names the tensor that nobody measured', () => {
    const missing = new Set(partials[1]?.parts.map(({ stored }) => stored));
    let failure: unknown = null;
    try {
      mergePartials(checkpoint, sample, 512, partials.toSpliced(1, 1));
    } catch (error) {
      failure = error;
    }
    if (!(failure instanceof MalformedCheckpoint)) throw new Error('merged without a part');
    expect(failure.rule).toBe('not-measured');
    expect(missing.has(failure.tensor ?? '')).toBe(true);
  });
});
