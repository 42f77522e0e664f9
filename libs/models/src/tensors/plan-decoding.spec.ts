import { describe, expect, it } from 'vitest';
import type { Dtype, StoredTensor } from '@jokbo/contracts';
import { decodeF64 } from '@jokbo/safetensors';
import { blockScales } from './block-scales.js';
import { planDecoding } from './plan-decoding.js';
import { commonSquareBlock } from './scale-block.js';

const PLAIN_CONFIG = { method: null, block: null, bits: null };

function stored(name: string, dtype: Dtype, shape: readonly number[]): StoredTensor {
  return { name, dtype, shape, file: 'model.safetensors', begin: 0, end: 0 };
}

function plan(
  dtype: Dtype,
  shape: readonly number[],
  companions: Readonly<Record<string, readonly [Dtype, readonly number[]]>>,
  options: { part?: string; block?: readonly [number, number]; square?: number; bits?: number } = {},
) {
  const group = {
    main: stored('w', dtype, shape),
    part: options.part ?? 'weight',
    companions: new Map(
      Object.entries(companions).map(([part, [type, grid]]) => [part, stored(part, type, grid)]),
    ),
  };
  const quantisation = { ...PLAIN_CONFIG, block: options.block ?? null, bits: options.bits ?? null };
  return planDecoding(group, quantisation, options.square ?? null);
}

describe('planDecoding', () => {
  it('takes floating-point values as they are, and no others', () => {
    for (const dtype of ['BF16', 'F16', 'F32', 'F64', 'F8_E4M3'] as const) {
      expect(plan(dtype, [4, 4], {})).toEqual({ kind: 'plain' });
    }
    for (const dtype of ['I8', 'I64', 'BOOL', 'C64', 'F4', 'F6_E2M3'] as const) {
      expect(plan(dtype, [4, 4], {})).toEqual({
        kind: 'excluded',
        reason: 'unsupported-dtype',
        parameters: 16,
      });
    }
  });

  it('reads block FP8 with the block of the config, and partial edge blocks', () => {
    const scaled = plan('F8_E4M3', [200, 130], { weight_scale_inv: ['F32', [2, 2]] }, { block: [128, 128] });
    expect(scaled).toEqual({ kind: 'scaled', scales: 'weight_scale_inv', block: [128, 128] });
  });

  it('finds the block in the grids when the config does not say', () => {
    const shapes = [
      { weight: [128, 96], scales: [2, 2] },
      { weight: [192, 48], scales: [3, 1] },
    ];
    expect(commonSquareBlock(shapes)).toBe(64);
    expect(commonSquareBlock([...shapes, { weight: [10, 10], scales: [5, 3] }])).toBeNull();
    expect(plan('F8_E4M3', [128, 96], { weight_scale_inv: ['F32', [2, 2]] }, { square: 64 })).toMatchObject({
      block: [64, 64],
    });
    expect(plan('F8_E4M3', [128, 96], { weight_scale_inv: ['F32', [5, 2]] }, { square: 64 })).toMatchObject({
      reason: 'unsupported-quantisation',
    });
  });

  it.each([
    ['one scale', [1], [6, 4]],
    ['a scalar', [], [6, 4]],
    ['one per row', [6, 1], [1, 4]],
    ['one per row, flat', [6], [1, 4]],
    ['groups of columns', [6, 2], [1, 2]],
  ] as const)('reads compressed-tensors FP8 and INT8 with %s', (_, grid, block) => {
    for (const dtype of ['F8_E4M3', 'I8'] as const) {
      expect(plan(dtype, [6, 4], { weight_scale: ['BF16', grid], input_scale: ['F32', [1]] })).toEqual({
        kind: 'scaled',
        scales: 'weight_scale',
        block,
      });
    }
  });

  it.each([
    [
      'asymmetric INT8',
      plan('I8', [6, 4], { weight_scale: ['F32', [6, 1]], weight_zero_point: ['I8', [6, 1]] }),
      24,
    ],
    [
      'NVFP4 of ModelOpt',
      plan('U8', [6, 2], { weight_scale: ['F8_E4M3', [6, 1]], weight_scale_2: ['F32', []] }),
      24,
    ],
    ['packed INT4', plan('I32', [6, 2], { weight_scale: ['BF16', [6, 1]] }, { part: 'weight_packed' }), 96],
    ['GPTQ of 8 bits', plan('I32', [2, 6], { scales: ['F16', [1, 6]] }, { part: 'qweight', bits: 8 }), 48],
    ['MXFP4 blocks', plan('U8', [1, 6, 2, 16], { mxscales: ['U8', [1, 6, 2]] }, { part: 'mxblocks' }), 384],
    ['bitsandbytes NF4', plan('U8', [12, 1], { bnb_absmax: ['F32', [1]], bnb_quant_map: ['F32', [16]] }), 24],
    ['stacked FP8', plan('F8_E4M3', [2, 6, 4], { weight_scale: ['F32', [2, 1, 1]] }), 48],
    ['a grid that fits nothing', plan('F8_E4M3', [6, 4], { weight_scale: ['F32', [4, 3]] }), 24],
  ] as const)('leaves out %s and counts its parameters', (_, decoding, parameters) => {
    expect(decoding).toEqual({ kind: 'excluded', reason: 'unsupported-quantisation', parameters });
  });
});

describe('blockScales', () => {
  const weight = { ...stored('w', 'I8', [2, 2]), begin: 0, end: 4 };

  it('divides the scales of bitsandbytes INT8 by 127', () => {
    const bytes = new Uint8Array(Float32Array.of(127, 254).buffer);
    const scales = blockScales({ block: [1, 2] }, weight, stored('w.SCB', 'F32', [2]), bytes);
    const view = { bytes: Uint8Array.of(1, 2, 3, 255), dtype: 'I8', shape: [2, 2], scales } as const;
    expect([...decodeF64(view)]).toEqual([1, 2, 6, -2]);
  });

  it('reads U8 scales as exponents', () => {
    const scales = blockScales({ block: [2, 2] }, weight, stored('w_scale', 'U8', [1]), Uint8Array.of(128));
    expect(scales).toEqual({
      values: Float32Array.of(2),
      rows: 1,
      columns: 1,
      blockRows: 2,
      blockColumns: 2,
    });
  });

  it('refuses scales that do not fit', () => {
    expect(() => blockScales({ block: [1, 2] }, weight, stored('s', 'U8', [1]), Uint8Array.of(1))).toThrow(
      expect.objectContaining({ rule: 'scales' }),
    );
  });
});
