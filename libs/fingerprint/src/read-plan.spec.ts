import type { Checkpoint, StoredTensor } from '@jokbo/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNKNOWN_ARCHITECTURE, logicalTensor } from '../specs/checkpoint-of.js';
import { taskKey } from './plan-fingerprint.js';
import { planReads, sampleDtype, type ReadTask } from './read-plan.js';
import { planSample } from './sample-plan.js';

const MEBIBYTE = 1024 * 1024;

/** Files of tensors of the given sizes in MiB, one vector each; the last of each file has no meaning. */
function checkpointWith(files: readonly (readonly number[])[]): Checkpoint {
  const stored = files.flatMap((sizes, file) => {
    let end = 64;
    return sizes.map((mebibytes, at): StoredTensor => {
      const begin = end;
      end += mebibytes * MEBIBYTE;
      const shape = [(mebibytes * MEBIBYTE) / 2];
      return {
        name: `f${file}.t${String(at).padStart(2, '0')}`,
        file: `f${file}`,
        dtype: 'BF16',
        shape,
        begin,
        end,
      };
    });
  });
  const tensors = stored
    .filter(({ name, file }) => name !== stored.findLast((tensor) => tensor.file === file)?.name)
    .map(({ name, shape }) => logicalTensor({ stored: name, role: name, shape, residualAxis: null }));
  const rest = { uri: 'memory:///', excluded: [], findings: [], tokenizer: null };
  const versions = files.map((_, file) => ({ path: `f${file}`, size: 1e12, etag: `v${file}` }));
  // Neither files nor tensors come in order.
  return {
    ...rest,
    files: versions,
    stored: stored.toReversed(),
    tensors,
    architecture: UNKNOWN_ARCHITECTURE,
  };
}

function plan(checkpoint: Checkpoint): ReadTask[] {
  return planReads(checkpoint, planSample(checkpoint));
}

describe('planReads', () => {
  it('reads each stored tensor once, in the order of the file, in tasks of one file and at most 64 MiB', () => {
    const sizes = fc.array(fc.constantFrom(0, 1, 12, 37, 64, 75), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(sizes, { minLength: 1, maxLength: 4 }), (files) => {
        const checkpoint = checkpointWith(files);
        const tasks = plan(checkpoint);
        const read = tasks.flatMap(({ file, tensors }) =>
          tensors.map(({ stored }) => `${file} ${stored.name}`),
        );
        expect(read).toEqual(
          files.flatMap((list, file) =>
            list.map((_, at) => `f${file} f${file}.t${String(at).padStart(2, '0')}`),
          ),
        );
        const headers = tasks.filter(({ headerEnd }) => headerEnd !== null);
        expect(headers.map(({ file, headerEnd }) => [file, headerEnd])).toEqual(
          files.map((_, file) => [`f${file}`, 64]),
        );
        const bytes = tasks.map(({ tensors }) =>
          tensors.map(({ stored }) => (stored.end - stored.begin) / MEBIBYTE),
        );
        for (const list of bytes) {
          if (list.length > 1) expect(list.reduce((a, b) => a + b)).toBeLessThanOrEqual(64);
        }
        // No two neighbours of one file would fit into one task.
        for (const [at, task] of tasks.entries()) {
          const [next] = bytes[at + 1] ?? [];
          if (next === undefined || tasks[at + 1]?.file !== task.file) continue;
          expect((bytes[at] ?? []).reduce((a, b) => a + b, next)).toBeGreaterThan(64);
        }
      }),
    );
  });

  it('reads a tensor without a meaning as mere bytes', () => {
    const [task] = plan(checkpointWith([[1, 2]]));
    expect(task?.tensors.map(({ rows, columns, parts }) => [rows, columns, parts.length])).toEqual([
      [MEBIBYTE / 2, 1, 1],
      [1, 2 * MEBIBYTE, 0],
    ]);
  });
});

describe('taskKey', () => {
  const scaled = (etags: readonly string[], block: readonly [number, number] = [2, 2]): Checkpoint => {
    const weight: StoredTensor = { name: 'w', file: 'a', dtype: 'F8_E4M3', shape: [4, 4], begin: 8, end: 24 };
    const scales: StoredTensor = { name: 's', file: 'b', dtype: 'F32', shape: [2, 2], begin: 8, end: 24 };
    const tensor = logicalTensor({ stored: 'w', shape: [4, 4], residualAxis: 1, scales: 's', block });
    const files = etags.map((etag, at) => ({ path: 'ab'.charAt(at), size: 24, etag }));
    const rest = { uri: '', excluded: [], findings: [], tokenizer: null, architecture: UNKNOWN_ARCHITECTURE };
    return { ...rest, files, stored: [weight, scales], tensors: [tensor] };
  };
  const keyOf = (checkpoint: Checkpoint): string => taskKey(plan(checkpoint)[0] ?? ({} as ReadTask));

  it('changes with the file, with the file of its scales, and with how it is cut', () => {
    const keys = [scaled(['1', '1']), scaled(['2', '1']), scaled(['1', '2']), scaled(['1', '1'], [2, 4])].map(
      keyOf,
    );
    expect(new Set(keys).size).toBe(4);
    expect(keyOf({ ...scaled(['1', '1']), uri: 'elsewhere' })).toBe(keys[0]);
  });
});

describe('sampleDtype', () => {
  it('is the stored one where a sample can hold it, else one that holds every value', () => {
    expect((['BF16', 'F16', 'F32', 'F64'] as const).map((dtype) => sampleDtype(dtype, false))).toEqual([
      'BF16',
      'F16',
      'F32',
      'F64',
    ]);
    expect((['F8_E4M3', 'F8_E5M2'] as const).map((dtype) => sampleDtype(dtype, false))).toEqual([
      'F32',
      'F32',
    ]);
    expect((['I8', 'U8', 'I32', 'I64'] as const).map((dtype) => sampleDtype(dtype, false))).toEqual([
      'F64',
      'F64',
      'F64',
      'F64',
    ]);
    expect((['F8_E4M3', 'I8'] as const).map((dtype) => sampleDtype(dtype, true))).toEqual(['F32', 'F32']);
  });
});
