import { DEVICE_TYPE, type Attribute, type DeviceTensor, type TensorflowBinding } from './binding.js';

/** A type by its number, a truth, or a whole number. */
export type AttributeValue = number | boolean | { readonly int: number };

/** Operations on the device. Whatever one of them makes is freed with the scope that it was made in. */
export interface DeviceScope {
  readonly binding: TensorflowBinding;
  /** Bytes as they are: `shape` ends with the bytes of an element. They must not change before they were read back. */
  upload(bytes: Uint8Array, shape: readonly number[]): DeviceTensor;
  integers(values: readonly number[]): DeviceTensor;
  run(
    name: string,
    attributes: Readonly<Record<string, AttributeValue>>,
    ...inputs: readonly DeviceTensor[]
  ): DeviceTensor;
  /** Frees a tensor before its scope ends. */
  free(...tensors: readonly DeviceTensor[]): void;
  /** The exact values of an f64 tensor. It waits for all that the device was given until then. */
  read(tensor: DeviceTensor): Float64Array;
}

/** A device that runs operations of TensorFlow. */
export interface Device {
  /** Runs `work` and frees what it made, whether it gives a result or fails. */
  scope<T>(work: (scope: DeviceScope) => T): T;
  /** Tensors that are on the device. */
  live(): number;
}

export function openDevice(binding: TensorflowBinding): Device {
  let all = 0;
  return {
    live: () => all,
    scope(work) {
      const own = new Set<number>();
      const keep = (tensor: DeviceTensor): DeviceTensor => {
        own.add(tensor.id);
        all += 1;
        return tensor;
      };
      const release = (id: number): void => {
        if (!own.delete(id)) return;
        binding.deleteTensor(id);
        all -= 1;
      };
      const attribute = (name: string, value: AttributeValue): Attribute => {
        if (typeof value === 'object') return { name, value: value.int, type: binding.TF_ATTR_INT };
        const type = typeof value === 'boolean' ? binding.TF_ATTR_BOOL : binding.TF_ATTR_TYPE;
        return { name, value, type };
      };
      const scope: DeviceScope = {
        binding,
        upload(bytes, shape) {
          const id = binding.createTensor([...shape], binding.TF_UINT8, bytes);
          return keep({ id, shape, dtype: binding.TF_UINT8 });
        },
        integers(values) {
          const id = binding.createTensor([values.length], binding.TF_INT32, Int32Array.from(values));
          return keep({ id, shape: [values.length], dtype: binding.TF_INT32 });
        },
        run(name, attributes, ...inputs) {
          const listed = Object.entries(attributes).map(([key, value]) => attribute(key, value));
          const [output] = binding.executeOp(
            name,
            listed,
            inputs.map(({ id }) => id),
            1,
          );
          if (output === undefined) throw new TypeError(`${name} gave nothing`);
          return keep(output);
        },
        free(...tensors) {
          for (const { id } of tensors) release(id);
        },
        read(tensor) {
          // f64 cannot be read back as such: its bits can, as pairs of f32.
          const bits = scope.run('Bitcast', { T: DEVICE_TYPE.double, type: binding.TF_FLOAT }, tensor);
          const halves = binding.tensorDataSync(bits.id);
          scope.free(bits);
          return copied(halves);
        },
      };
      try {
        return work(scope);
      } finally {
        for (const id of [...own]) release(id);
      }
    },
  };
}

/** The bytes as f64, aligned and our own: the addon may use its memory again. */
function copied({ buffer, byteOffset, byteLength }: Float32Array): Float64Array {
  return new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
}
