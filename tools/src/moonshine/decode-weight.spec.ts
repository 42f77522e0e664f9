import { MalformedCheckpoint, UnsupportedDtype } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { decodeWeight, transposed } from './decode-weight.js';
import { ONNX_DATA_TYPE, type OnnxTensor } from './onnx-model.js';

function tensor(name: string, dims: number[], dataType: number, content: Partial<OnnxTensor>): OnnxTensor {
  return {
    name,
    dims,
    dataType,
    floatData: [],
    int32Data: [],
    rawData: new Uint8Array(),
    dataLocation: 0,
    ...content,
  };
}

function scalar(name: string, dataType: number, value: number): OnnxTensor {
  const content = dataType === ONNX_DATA_TYPE.FLOAT ? { floatData: [value] } : { int32Data: [value] };
  return tensor(name, [], dataType, content);
}

describe('decodeWeight', () => {
  it('reads float32 from an unaligned view, in file order', () => {
    const bytes = new Uint8Array(9);
    new DataView(bytes.buffer).setFloat32(1, 0.1, true);
    new DataView(bytes.buffer).setFloat32(5, -3, true);
    const stored = tensor('w', [1, 2], ONNX_DATA_TYPE.FLOAT, { rawData: bytes.subarray(1) });
    expect(decodeWeight({ stored })).toEqual({ shape: [1, 2], values: Float32Array.of(0.1, -3) });
  });

  it('subtracts an unsigned zero point before it scales, in float32', () => {
    const stored = tensor('w_quantized', [3], ONNX_DATA_TYPE.UINT8, { rawData: Uint8Array.of(0, 128, 255) });
    const scale = scalar('w_scale', ONNX_DATA_TYPE.FLOAT, Math.fround(0.1));
    const zeroPoint = scalar('w_zero_point', ONNX_DATA_TYPE.UINT8, 128);
    const step = Math.fround(0.1);
    expect([...decodeWeight({ stored, scale, zeroPoint }).values]).toEqual([
      Math.fround(-128 * step),
      0,
      Math.fround(127 * step),
    ]);
  });

  it('adds a floating zero point after it scales signed values', () => {
    const stored = tensor('w_quantized', [2], ONNX_DATA_TYPE.INT8, { rawData: Uint8Array.of(0xff, 2) });
    const scale = scalar('w_scale', ONNX_DATA_TYPE.FLOAT, 0.5);
    const zeroPoint = scalar('w_zero_point', ONNX_DATA_TYPE.FLOAT, 0.25);
    expect([...decodeWeight({ stored, scale, zeroPoint }).values]).toEqual([-0.25, 1.25]);
  });

  it('spreads scales over the last axis', () => {
    const stored = tensor('w_quantized', [2, 2], ONNX_DATA_TYPE.UINT8, {
      rawData: Uint8Array.of(1, 2, 3, 4),
    });
    const scale = tensor('w_scale', [2], ONNX_DATA_TYPE.FLOAT, { floatData: [1, 10] });
    const zeroPoint = scalar('w_zero_point', ONNX_DATA_TYPE.UINT8, 1);
    expect([...decodeWeight({ stored, scale, zeroPoint }).values]).toEqual([0, 10, 2, 30]);
  });

  it('refuses what it cannot decode exactly', () => {
    const half = tensor('w', [1], 10, { rawData: new Uint8Array(2) });
    const short = tensor('w', [2], ONNX_DATA_TYPE.FLOAT, { rawData: new Uint8Array(4) });
    const scaleless = tensor('w_quantized', [1], ONNX_DATA_TYPE.UINT8, { rawData: new Uint8Array(1) });
    const elsewhere = { ...tensor('w', [1], ONNX_DATA_TYPE.FLOAT, { floatData: [1] }), dataLocation: 1 };
    expect(() => decodeWeight({ stored: half })).toThrow(UnsupportedDtype);
    expect(() => decodeWeight({ stored: short })).toThrow(MalformedCheckpoint);
    expect(() => decodeWeight({ stored: scaleless })).toThrow(MalformedCheckpoint);
    expect(() => decodeWeight({ stored: elsewhere })).toThrow(MalformedCheckpoint);
  });
});

describe('transposed', () => {
  it('turns [in, out] into [out, in]', () => {
    expect(transposed({ shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) })).toEqual({
      shape: [3, 2],
      values: Float32Array.of(1, 4, 2, 5, 3, 6),
    });
  });
});
