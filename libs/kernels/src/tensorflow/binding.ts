/** A tensor on the device, as the addon of TensorFlow.js names it. */
export interface DeviceTensor {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}

/** An attribute of an operation: a type, a truth, or a whole number. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: boolean | number;
}

/**
 * The addon below `@tensorflow/tfjs-node`. Its JavaScript knows neither BF16 nor f64; the operations that it runs do.
 */
export interface TensorflowBinding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_UINT8: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_INT: number;
  readonly TF_Version: string;
  createTensor(shape: number[], dtype: number, data: Uint8Array | Int32Array | Float32Array): number;
  executeOp(name: string, attributes: Attribute[], inputs: number[], outputs: number): DeviceTensor[];
  tensorDataSync(id: number): Float32Array;
  deleteTensor(id: number): void;
}

/** Element types of TensorFlow that its JavaScript does not name: `tensorflow/core/framework/types.proto`. */
export const DEVICE_TYPE = { double: 2, int16: 5, int64: 9, bfloat16: 14, half: 19 } as const;
