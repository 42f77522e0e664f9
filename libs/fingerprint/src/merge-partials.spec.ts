import { createHash } from 'node:crypto';
import { MalformedCheckpoint } from '@jokbo/contracts';
import { readCheckpoint } from '@jokbo/models';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../specs/memory-store.js';
import { shardPath, smallLlama } from '../specs/small-llama.js';
import { mergePartials } from './merge-partials.js';
import { decodePartial, partialPieces, sampleBytes, type PartialWithSamples } from './partial.js';
import { planReads } from './read-plan.js';
import { createTaskMemory, runTask } from './run-task.js';
import { planSample } from './sample-plan.js';

const store = memoryStore(smallLlama(1));
const checkpoint = await readCheckpoint(store, store.uri);
const sample = planSample(checkpoint, 512);
const memory = createTaskMemory();
const partials: PartialWithSamples[] = [];
for (const task of planReads(checkpoint, sample)) partials.push(await runTask(task, store, memory));

const encode = (partial: PartialWithSamples): Buffer => Buffer.concat(partialPieces(partial));

describe('a partial fingerprint', () => {
  it('comes back from its bytes, and gives the same bytes again', () => {
    for (const partial of partials) {
      const again = decodePartial(encode(partial), 'partial');
      expect({ ...again, samples: [...again.samples] }).toEqual({
        ...partial,
        samples: [...partial.samples],
      });
      expect(encode(again).equals(encode(partial))).toBe(true);
    }
  });

  it('may hold any names and samples of any size', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 8 });
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
        let end = 0;
        const given: PartialWithSamples = {
          file: 'a/b.safetensors',
          header_digest: null,
          stored: list.map(({ key }) => [key, key] as const),
          parts: list.map(({ key, units, features }) => {
            const begin = end;
            end += 2 * features * units;
            const kept =
              units === 0 ? null : { dtype: 'BF16' as const, features, units, begin, end, digest: 'd' };
            return { key, stored: key, digest: key, parameters: units, moments, sample: kept };
          }),
          samples: Uint8Array.from({ length: end }, (_, at) => at),
        };
        const { samples, ...document } = decodePartial(encode(given), 'partial');
        expect({ ...document, samples: Uint8Array.from(samples) }).toEqual(given);
      }),
    );
  });

  it('is told from other files', () => {
    const shard = smallLlama(1)[shardPath(0)] ?? new Uint8Array(0);
    const whole = encode(
      partials[0] ?? { file: '', header_digest: null, stored: [], parts: [], samples: shard },
    );
    const shorter = Buffer.concat([whole.subarray(64)]);
    for (const bytes of [shard, shard.subarray(0, 5), whole.subarray(0, -1), shorter]) {
      expect(() => decodePartial(bytes, 'x')).toThrow(MalformedCheckpoint);
    }
  });
});

function sampleDigest(key: string): string {
  for (const partial of partials) {
    const bytes = partial.parts.filter((part) => part.key === key).map((part) => sampleBytes(partial, part));
    if (bytes[0] != null) return createHash('sha256').update(bytes[0]).digest('hex');
  }
  throw new Error(`no sample of ${key}`);
}

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
        plan === undefined
          ? null
          : { ...plan.summary, indices: plan.indices, dtype: 'BF16', digest: sampleDigest(tensor.key) },
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
