import type {
  Checkpoint,
  Dtype,
  LogicalTensor,
  ObjectStore,
  StoredTensor,
  TensorSummary,
} from '@jokbo/contracts';
import { createMemo, type ModelData } from '@jokbo/fingerprint';
import { decodeF64, encodeSafetensors, parseHeader } from '@jokbo/safetensors';

/** A tensor of a small checkpoint: its values, and what it is. */
export interface MadeTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly role?: string;
  readonly part?: string;
  readonly layer?: number | null;
}

/** A checkpoint in memory, readable element by element and as model data. */
export interface MemoryCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly store: ObjectStore;
  readonly data: ModelData;
}

/** Round to nearest even, as frameworks store BF16. */
export function bf16Bytes(values: Float32Array): Uint8Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = Uint16Array.from(words, (word) => (word + 0x7fff + ((word >>> 16) & 1)) >>> 16);
  return new Uint8Array(halves.buffer);
}

export function memoryCheckpoint(
  tensors: readonly MadeTensor[],
  dtype: 'BF16' | 'F32' = 'BF16',
): MemoryCheckpoint {
  const bytes = encodeSafetensors(
    tensors.map(({ name, shape, values }) => ({
      name,
      dtype,
      shape,
      bytes: dtype === 'F32' ? new Uint8Array(values.slice().buffer) : bf16Bytes(values),
    })),
  );
  const file = { path: 'model.safetensors', size: bytes.length, etag: '1' };
  const stored = parseHeader(bytes, bytes.length, 'memory:').tensors.map((tensor): StoredTensor => ({
    ...tensor,
    file: file.path,
  }));
  const logical = tensors.map((tensor): LogicalTensor => {
    const { name, shape, role = 'attn.q', part = 'weight', layer = 0 } = tensor;
    return {
      scope: 'text',
      layer,
      role,
      expert: null,
      part,
      key: `text|${layer ?? '-'}|${role}|-|${part}|${name}`,
      component: role.startsWith('norm') ? 'norms' : 'attention',
      shape,
      stored: name,
      cut: null,
      scales: null,
      block: null,
      residualAxis: 1,
    };
  });
  const architecture = { hiddenSize: null } as unknown as Checkpoint['architecture'];
  const checkpoint: Checkpoint = {
    uri: 'memory:',
    files: [file],
    architecture,
    stored,
    tensors: logical,
    excluded: [],
    findings: [],
    tokenizer: null,
  };
  const source = {
    uri: 'memory:model.safetensors',
    size: bytes.length,
    etag: '1',
    readBytes: 8 * 1024 * 1024,
    read({ start, end }: { start: number; end: number }, into: Uint8Array): Promise<void> {
      into.set(bytes.subarray(start, end));
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
  const store: ObjectStore = {
    uri: 'memory:',
    list: () => Promise.resolve([file]),
    open: () => Promise.resolve(source),
    write: () => Promise.reject(new Error('read-only')),
    remove: () => Promise.reject(new Error('read-only')),
    close: () => Promise.resolve(),
  };
  return { checkpoint, store, data: modelData(bytes, stored, logical, dtype) };
}

function modelData(
  bytes: Uint8Array,
  stored: readonly StoredTensor[],
  logical: readonly LogicalTensor[],
  dtype: Dtype,
): ModelData {
  const viewOf = (tensor: LogicalTensor) => {
    const found = stored.find(({ name }) => name === tensor.stored);
    if (found === undefined) throw new Error(`no ${tensor.stored}`);
    return { bytes: bytes.subarray(found.begin, found.end), dtype, shape: tensor.shape };
  };
  const summaries = logical.map((tensor): TensorSummary => {
    const values = decodeF64(viewOf(tensor));
    const moments = {
      n: values.length,
      sum: 0,
      sum_squares: 0,
      min: values.reduce((least, value) => Math.min(least, value), Infinity),
      max: values.reduce((most, value) => Math.max(most, value), -Infinity),
      zeros: 0,
      not_finite: 0,
      entropy_bits: 8,
    };
    return {
      ...tensor,
      dtype,
      residual_axis: tensor.residualAxis,
      digest: Buffer.from(viewOf(tensor).bytes).toString('hex').slice(0, 64),
      parameters: values.length,
      bytes: viewOf(tensor).bytes.length,
      moments,
      sample: null,
    };
  });
  return {
    id: 'memory',
    mode: 'sampled',
    architecture: { hiddenSize: null } as unknown as Checkpoint['architecture'],
    tensors: new Map(summaries.map((summary) => [summary.key, summary])),
    factor(key) {
      const tensor = logical.find((one) => one.key === key);
      if (tensor?.shape.length !== 2) return Promise.resolve(null);
      const [features = 0, units = 0] = tensor.shape;
      return Promise.resolve({ view: viewOf(tensor), dtype, features, units, indices: null, tokens: null });
    },
    memo: createMemo(0),
    close: () => Promise.resolve(),
  };
}
