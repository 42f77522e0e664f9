import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { TensorView } from '@jokbo/contracts';
import { createTensorflowBackend, createWasmBackend, type TensorflowBackend } from '@jokbo/kernels';
import { findTensorflow } from '@jokbo/tools/tensorflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it, type TestContext } from 'vitest';

/** Bytes that one operation may hold on a device, however large its operands are. */
const MOST_BYTES = 2 ** 29;

/** Relative to the largest value: WASM sums products of BF16 in panels of f32. */
const CLOSE = 1e-6;

/** The addon of TensorFlow: the seam between our code and the device. */
interface Binding {
  createTensor(shape: number[], dtype: number, data: ArrayBufferView): number;
  executeOp(
    name: string,
    attributes: object[],
    inputs: number[],
    outputs: number,
  ): { id: number; shape: number[]; dtype: number }[];
  tensorDataSync(id: number): Float32Array;
  deleteTensor(id: number): void;
}

/** Bytes of an element of each type of TensorFlow that is used here. */
const WIDTHS: Readonly<Record<number, number>> = { 1: 4, 2: 8, 3: 4, 4: 1, 5: 2, 10: 1, 14: 2 };

/** What went through the seam, in order, and what is on the device. */
interface Seen {
  /** `upload`, `read`, and the names of operations. */
  readonly calls: string[];
  readonly bytes: Map<number, number>;
  most: number;
}

let backend: TensorflowBackend | null = null;
let wasm: Awaited<ReturnType<typeof createWasmBackend>>;
let seen: Seen;
/** Number of the operation that fails. */
let failing = Infinity;

beforeAll(async () => {
  wasm = await createWasmBackend({ threads: 1 });
  const folder = await findTensorflow({ make: false, say: () => undefined });
  if (folder === null) return;
  process.env['JOKBO_TENSORFLOW'] = folder;
  const load = createRequire(join(folder, 'package.json'));
  const loaded = (load('@tensorflow/tfjs-node') as { backend(): { binding: Binding } }).backend();
  const { binding } = loaded;
  loaded.binding = watched(binding);
  backend = await createTensorflowBackend({ threads: 1 });
  loaded.binding = binding;
});
beforeEach(() => {
  seen = { calls: [], bytes: new Map(), most: 0 };
  failing = Infinity;
});
afterAll(async () => {
  delete process.env['JOKBO_TENSORFLOW'];
  await backend?.close();
  await wasm.close();
});

/** The addon, which tells what goes through it. */
function watched(binding: Binding): Binding {
  const hold = (id: number, shape: readonly number[], dtype: number): void => {
    const size = shape.reduce((product, length) => product * length, WIDTHS[dtype] ?? NaN);
    seen.bytes.set(id, size);
    seen.most = Math.max(
      seen.most,
      [...seen.bytes.values()].reduce((sum, bytes) => sum + bytes, 0),
    );
  };
  const own: Partial<Binding> = {
    createTensor(shape, dtype, data) {
      const id = binding.createTensor(shape, dtype, data);
      if (data instanceof Uint8Array) seen.calls.push('upload');
      hold(id, shape, dtype);
      return id;
    },
    executeOp(name, attributes, inputs, outputs) {
      failing -= 1;
      if (failing === 0) throw new Error('out of memory');
      const made = binding.executeOp(name, attributes, inputs, outputs);
      seen.calls.push(name);
      for (const { id, shape, dtype } of made) hold(id, shape, dtype);
      return made;
    },
    tensorDataSync(id) {
      seen.calls.push('read');
      return binding.tensorDataSync(id);
    },
    deleteTensor(id) {
      seen.bytes.delete(id);
      binding.deleteTensor(id);
    },
  };
  // What the addon has cannot be replaced in place.
  return Object.create(binding, Object.getOwnPropertyDescriptors(own)) as Binding;
}

/** The backend, or a skipped test that says why there is none. */
function backendOf(context: TestContext): TensorflowBackend {
  return backend ?? context.skip('no TensorFlow: npm run tensorflow makes it');
}

/** Deterministic BF16 weights. */
function weights(shape: readonly number[], seed: number): TensorView {
  const count = shape.reduce((product, length) => product * length, 1);
  let state = (seed * 2_654_435_761) | 1;
  const values = Uint16Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    // Some sign, some fraction, magnitudes from 2^-8 to 2^-1.
    return (state & 0x807f) | ((119 + ((state >>> 8) & 7)) << 7);
  });
  return { bytes: new Uint8Array(values.buffer), dtype: 'BF16', shape };
}

describe('a batch on the device', () => {
  it('of pairs is uploaded while the one before is not read', async (context) => {
    const running = backendOf(context);
    const blocks = 3;
    const [x, y] = [1, 2].map((seed) => weights([blocks * 2 ** 22], seed)) as [TensorView, TensorView];
    const sums = await running.pairSums(x, y);
    const uploads = seen.calls.flatMap((call, at) => (call === 'upload' ? [at] : []));
    expect(uploads).toHaveLength(2 * blocks);
    // Kernels of each block were given to the device before the next block was uploaded, and nobody waited for them.
    for (let block = 1; block < blocks; block += 1) {
      const between = seen.calls.slice(uploads[2 * block - 1], uploads[2 * block]);
      expect(between.filter((name) => name === 'Sum').length).toBeGreaterThanOrEqual(7);
    }
    expect(seen.calls.filter((call) => call === 'read')).toHaveLength(1);
    expect(seen.calls.at(-1)).toBe('read');
    expect(seen.most).toBeLessThan(MOST_BYTES);
    expect(seen.bytes.size).toBe(0);
    const expected = await wasm.pairSums(x, y);
    expect(sums).toMatchObject({ n: expected.n, equal: expected.equal });
    expect(Math.abs(sums.sumAB - expected.sumAB)).toBeLessThan(1e-12 * expected.sumAA);
  }, 120_000);

  it.for([0, 1] as const)(
    'of a product along axis %d is uploaded while the one before is not read',
    { timeout: 120_000 },
    async (axis, context) => {
      const running = backendOf(context);
      const [kept, summed] = [100, 200_000];
      const shape = axis === 0 ? [kept, summed] : [summed, kept];
      const [x, y] = [weights(shape, 3), weights(shape, 4)];
      const product = await running.cross(x, y, axis);
      const steps = seen.calls.filter((call) => ['upload', 'MatMul', 'read'].includes(call));
      const panel = ['upload', 'upload', 'MatMul'];
      expect(steps).toEqual([...panel, ...panel, ...panel, 'read']);
      expect(seen.most).toBeLessThan(MOST_BYTES);
      expect(seen.bytes.size).toBe(0);
      const expected = await wasm.cross(x, y, axis);
      const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const farthest = product.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - (expected[at] ?? NaN))),
        0,
      );
      expect(farthest).toBeLessThan(CLOSE * largest);
    },
  );

  it('of a Gram is uploaded once', async (context) => {
    const running = backendOf(context);
    const x = weights([200, 300], 5);
    const gram = await running.cross(x, { ...x }, 0);
    expect(seen.calls.filter((call) => call === 'upload')).toHaveLength(1);
    // The same values at another place are the same sum.
    expect(gram).toEqual(await running.cross(x, { ...x, bytes: x.bytes.slice() }, 0));
  });

  it('leaves nothing there wherever one fails', async (context) => {
    const running = backendOf(context);
    const [x, y] = [weights([60, 150_000], 6), weights([60, 150_000], 7)];
    const before = await running.cross(x, y, 0);
    for (let operation = 1; ; operation += 1) {
      failing = operation;
      const made = await running.cross(x, y, 0).catch((error: unknown) => error);
      expect(seen.bytes.size).toBe(0);
      expect(running.liveTensors()).toBe(0);
      if (made instanceof Float64Array) break;
      expect(made).toMatchObject({ name: 'KernelFailed', cause: { message: 'out of memory' } });
    }
    failing = Infinity;
    expect(await running.cross(x, y, 0)).toEqual(before);
  }, 120_000);
});
