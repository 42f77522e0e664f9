import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DTYPE_BITS, UsageError, type Dtype, type PairSums, type TensorView } from '@jokbo/contracts';
import { createTensorflowBackend, createWasmBackend, type TensorflowBackend } from '@jokbo/kernels';
import { findTensorflow } from '@jokbo/tools/tensorflow';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';

/** Relative to the norms, as WASM is to its oracle. */
const CLOSE = 1e-12;

/** Of products of BF16, F16 and F32, which WASM sums in panels of f32. */
const CLOSE_PRODUCTS = 1e-6;

/** Magnitudes below are denormal in f32: threads of TensorFlow read them as zero. */
const LEAST_NORMAL = 2 ** -126;

type Backend = Awaited<ReturnType<typeof createWasmBackend>>;

let backend: TensorflowBackend | null = null;
let folder: string | null = null;
let wasm: Backend;

beforeAll(async () => {
  wasm = await createWasmBackend({ threads: 1 });
  folder = await findTensorflow({ make: false, say: () => undefined });
  if (folder === null) return;
  process.env['JOKBO_TENSORFLOW'] = folder;
  backend = await createTensorflowBackend({ threads: 1 });
});
afterAll(async () => {
  delete process.env['JOKBO_TENSORFLOW'];
  await backend?.close();
  await wasm.close();
});

/** The backend, or a skipped test that says why there is none. */
function backendOf(context: TestContext): TensorflowBackend {
  return backend ?? context.skip('no TensorFlow: npm run tensorflow makes it');
}

/** Deterministic values about as large as weights. */
function values(count: number, seed: number): Float64Array {
  let state = (seed * 2_654_435_761) | 1;
  return Float64Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state | 0) / 2 ** 33;
  });
}

function tensor(dtype: 'BF16' | 'F16' | 'F32' | 'F64', shape: readonly number[], seed: number): TensorView {
  const count = shape.reduce((product, length) => product * length, 1);
  const exact = values(count, seed);
  if (dtype === 'F64') return { bytes: new Uint8Array(exact.buffer), dtype, shape };
  const single = Float32Array.from(exact);
  if (dtype === 'F32') return { bytes: new Uint8Array(single.buffer), dtype, shape };
  const patterns = new Uint32Array(single.buffer);
  // The upper half of an f32 is a BF16; with the sign and four bits of exponent off it is some finite F16.
  const mask = dtype === 'BF16' ? 0xffff : 0xbbff;
  return {
    bytes: new Uint8Array(Uint16Array.from(patterns, (bits) => (bits >>> 16) & mask).buffer),
    dtype,
    shape,
  };
}

/** All patterns of a 16-bit type, in order. */
const allPatterns = (dtype: 'BF16' | 'F16'): TensorView => ({
  bytes: new Uint8Array(Uint16Array.from({ length: 65_536 }, (_, pattern) => pattern).buffer),
  dtype,
  shape: [65_536, 1],
});

function expectPairs(got: PairSums, expected: PairSums): void {
  const { n, equal, maxAbsDifference } = expected;
  expect(got).toMatchObject({ n, equal, maxAbsDifference });
  const [a, b] = [Math.sqrt(expected.sumAA), Math.sqrt(expected.sumBB)];
  const scales = {
    sumA: a * Math.sqrt(n),
    sumB: b * Math.sqrt(n),
    sumAA: a * a,
    sumBB: b * b,
    sumAB: a * b,
    sumSquaredDifference: expected.sumSquaredDifference,
  };
  for (const [key, scale] of Object.entries(scales) as [keyof typeof scales, number][]) {
    if (Number.isFinite(scale))
      expect(Math.abs(got[key] - expected[key]), key).toBeLessThanOrEqual(CLOSE * scale);
    else expect(got[key], key).toEqual(expected[key]);
  }
}

/** The largest difference; NaN where one is. */
function farthest(got: Float64Array, expected: Float64Array): number {
  return got.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? NaN))), 0);
}

const bits = (view: Float64Array): Buffer => Buffer.from(view.buffer, view.byteOffset, view.byteLength);

describe('the TensorFlow backend', () => {
  const dtypes = ['BF16', 'F16', 'F32', 'F64'] as const;
  const pairs = dtypes.flatMap((a) => dtypes.map((b) => [a, b] as const));

  it.for(pairs)('pairs %s with %s as WASM does', async ([a, b], context) => {
    const [x, y] = [tensor(a, [300, 1_001], 1), tensor(b, [300, 1_001], 2)];
    expectPairs(await backendOf(context).pairSums(x, y), await wasm.pairSums(x, y));
    expectPairs(await backendOf(context).pairSums(x, x), await wasm.pairSums(x, x));
  });

  it('adds blocks: four million pairs and one', async (context) => {
    const [x, y] = [tensor('BF16', [2 ** 22 + 1], 3), tensor('BF16', [2 ** 22 + 1], 4)];
    expectPairs(await backendOf(context).pairSums(x, y), await wasm.pairSums(x, y));
  });

  it.for(['BF16', 'F16'] as const)(
    'decodes each pattern of %s, the denormal ones of f32 as zero',
    async (dtype, context) => {
      const ones: TensorView = {
        bytes: new Uint8Array(new Float64Array(32).fill(1).buffer),
        dtype: 'F64',
        shape: [32, 1],
      };
      const decoded = await backendOf(context).cross(allPatterns(dtype), ones, 0);
      const expected = await wasm.cross(allPatterns(dtype), ones, 0);
      const wrong = decoded.filter((value, i) => {
        const exact = expected[i] ?? NaN;
        return !(Object.is(value, exact) || (Math.abs(exact) < LEAST_NORMAL && value === 0));
      });
      expect(wrong).toEqual(new Float64Array());
    },
  );

  it('says of NaN and infinity what WASM says', async (context) => {
    for (const pattern of [0x7fc0, 0xff80, 0x7f80]) {
      const x = tensor('BF16', [200, 100], 5);
      new Uint16Array(x.bytes.buffer)[777] = pattern;
      const y = tensor('BF16', [200, 100], 6);
      expect(await backendOf(context).pairSums(x, y)).toMatchObject({
        n: 20_000,
        maxAbsDifference: (await wasm.pairSums(x, y)).maxAbsDifference,
        equal: (await wasm.pairSums(x, y)).equal,
      });
      expect((await backendOf(context).pairSums(x, x)).equal).toBe(20_000);
    }
  });

  it.for(pairs)('multiplies %s with %s as WASM does', async ([a, b], context) => {
    for (const axis of [0, 1] as const) {
      const shape = (kept: number): number[] => (axis === 0 ? [kept, 700] : [700, kept]);
      const [x, y] = [tensor(a, shape(60), 7), tensor(b, shape(45), 8)];
      const [got, expected] = [await backendOf(context).cross(x, y, axis), await wasm.cross(x, y, axis)];
      const norm = Math.sqrt((await wasm.pairSums(x, x)).sumAA * (await wasm.pairSums(y, y)).sumAA) / 50;
      expect(got).toHaveLength(60 * 45);
      expect(farthest(got, expected)).toBeLessThanOrEqual(CLOSE_PRODUCTS * norm);
    }
  });

  it('adds panels where the axis that is summed over is long', async (context) => {
    const [x, y] = [tensor('BF16', [400, 50_000], 9), tensor('BF16', [380, 50_000], 10)];
    const [got, expected] = [await backendOf(context).cross(x, y, 0), await wasm.cross(x, y, 0)];
    const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    expect(farthest(got, expected)).toBeLessThanOrEqual(CLOSE_PRODUCTS * largest);
  }, 120_000);

  it('keeps f64 exact where f32 would not hold it', async (context) => {
    const large: TensorView = {
      bytes: new Uint8Array(Float64Array.from(values(200 * 300, 11), (value) => value * 1e120).buffer),
      dtype: 'F64',
      shape: [200, 300],
    };
    const [got, expected] = [
      await backendOf(context).cross(large, large, 0),
      await wasm.cross(large, large, 0),
    ];
    got.forEach((value, i) => {
      expect(Math.abs(value / (expected[i] ?? NaN) - 1)).toBeLessThanOrEqual(1e-9);
    });
  });

  it('leaves to WASM, bit for bit, what no device decodes', async (context) => {
    const bytes = Uint8Array.from(values(300 * 200, 12), (value) => Math.abs(value * 2 ** 10) & 0x77);
    for (const dtype of ['I8', 'F8_E4M3', 'U8'] as const satisfies readonly Dtype[]) {
      expect(DTYPE_BITS[dtype]).toBe(8);
      const x: TensorView = { bytes, dtype, shape: [300, 200] };
      expect(await backendOf(context).pairSums(x, x)).toEqual(await wasm.pairSums(x, x));
      const products = [await backendOf(context).cross(x, x, 0), await wasm.cross(x, x, 0)].map(bits);
      expect(products[0]?.equals(products[1] ?? Buffer.from(''))).toBe(true);
    }
    const x = tensor('BF16', [64, 64], 13);
    expect(await backendOf(context).histogram16(x)).toEqual(await wasm.histogram16(x));
  });

  it('gives the same bits again', async (context) => {
    const [x, y] = [tensor('BF16', [500, 900], 14), tensor('F32', [500, 900], 15)];
    const twice = async <T>(work: () => Promise<T>): Promise<T[]> => [await work(), await work()];
    const [first, second] = await twice(() => backendOf(context).cross(x, y, 0));
    expect(first).toEqual(second);
    const [sums, again] = await twice(() => backendOf(context).pairSums(x, y));
    expect(sums).toEqual(again);
  });

  it('refuses what WASM refuses', async (context) => {
    const running = backendOf(context);
    const x = tensor('BF16', [200, 200], 16);
    await expect(running.pairSums(x, tensor('BF16', [200, 199], 16))).rejects.toThrow(UsageError);
    await expect(running.cross(x, tensor('BF16', [200, 199], 16), 0)).rejects.toThrow(UsageError);
  });

  it('leaves nothing on the device', async (context) => {
    const running = backendOf(context);
    const load = createRequire(join(folder ?? '', 'package.json'));
    const tensorflow = load('@tensorflow/tfjs-node') as { memory(): object };
    const [x, y] = [tensor('BF16', [1_000, 4_000], 17), tensor('BF16', [1_000, 4_000], 18)];
    await running.pairSums(x, y);
    await running.cross(x, y, 1).catch(() => undefined);
    const [memory, resident] = [tensorflow.memory(), process.memoryUsage().rss];
    for (let round = 0; round < 12; round += 1) {
      await running.pairSums(x, y);
      await running.cross(x, y, 0);
    }
    expect(running.liveTensors()).toBe(0);
    expect(tensorflow.memory()).toEqual(memory);
    // A dozen rounds that left their operands there, as f64, would be a gigabyte and a half.
    expect(process.memoryUsage().rss - resident).toBeLessThan(2 ** 29);
  }, 240_000);

  it('names itself', (context) => {
    expect(backendOf(context)).toMatchObject({ name: 'tensorflow', device: { gpu: false } });
  });
});
