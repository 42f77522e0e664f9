import { createHash } from 'node:crypto';
import {
  fingerprintCheckpoint,
  type Fingerprint,
  type SamplePlan,
  type TaskRunner,
} from '@jokbo/fingerprint';
import { readCheckpoint } from '@jokbo/models';
import { headerStore } from './header-store.js';
import type { MoeShape } from './large-models.js';
import { fillRandomBf16 } from './random-bf16.js';

/** Entropy of the patterns of trained BF16 weights, in bits per element. */
const ENTROPY_BITS = 9;

/**
 * "Reads" tasks without reading: samples are seeded normal values, figures are made up to fit. What it yields has
 * the size and the shapes of the real thing, which is all that a measurement of speed needs.
 */
function madeUpRunner(seed: number): TaskRunner {
  let turn = 0;
  return {
    prepare: () => undefined,
    run(task) {
      const digestOf = (name: string): string => createHash('sha256').update(`${seed} ${name}`).digest('hex');
      const length = task.tensors.reduce((sum, { parts: planned }) => {
        return planned.reduce((of, { sample }) => of + bytesOf(sample), sum);
      }, 0);
      const samples = new Uint8Array(length);
      turn += 1;
      fillRandomBf16(samples, Math.imul(seed * 1_000_003 + turn, 0x9e3779b1));
      let end = 0;
      const parts = task.tensors.flatMap(({ stored, parts: planned }) =>
        planned.map(({ key, sample }) => {
          const n = stored.shape.reduce((product, size) => product * size, 1);
          const begin = end;
          end += bytesOf(sample);
          const deviation = stored.shape.length === 1 ? 0.1 : 0.02;
          return {
            key,
            stored: stored.name,
            digest: digestOf(key),
            parameters: n,
            moments: {
              n,
              sum: 0,
              sum_squares: n * deviation ** 2,
              min: -5 * deviation,
              max: 5 * deviation,
              zeros: 0,
              not_finite: 0,
              entropy_bits: ENTROPY_BITS,
            },
            sample:
              sample === null
                ? null
                : {
                    dtype: 'BF16' as const,
                    features: sample.summary.features,
                    units: sample.summary.units,
                    begin,
                    end,
                    digest: createHash('sha256').update(samples.subarray(begin, end)).digest('hex'),
                  },
          };
        }),
      );
      return Promise.resolve({
        file: task.file,
        header_digest: task.headerEnd === null ? null : digestOf(task.file),
        stored: task.tensors.map(({ stored }) => [stored.name, digestOf(stored.name)] as const),
        parts,
        samples,
      });
    },
    close: () => Promise.resolve(),
  };
}

function bytesOf(sample: SamplePlan | null): number {
  return sample === null ? 0 : 2 * sample.summary.features * sample.summary.units;
}

/** A fingerprint of the size and shapes of a model of that shape, made in seconds. */
export async function madeUpFingerprint(shape: MoeShape, seed: number): Promise<Fingerprint> {
  const store = headerStore(shape);
  const checkpoint = await readCheckpoint(store, store.uri);
  return fingerprintCheckpoint(checkpoint, store, madeUpRunner(seed), {
    get: () => Promise.resolve(null),
    put: () => Promise.resolve(),
  });
}
