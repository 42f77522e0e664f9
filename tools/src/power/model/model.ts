import type { Json } from '@jokbo/contracts';

/** Element types in which a made model is stored. */
export type FloatDtype = 'BF16' | 'F16' | 'F32';

/** A weight in memory: row-major values in f64, and the element type in which it is stored. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float64Array;
  readonly dtype: FloatDtype;
}

/** A checkpoint in memory, with its published tensor names. */
export interface Model {
  readonly config: Readonly<Record<string, Json>>;
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Content of `tokenizer.json`; null where there is none. */
  readonly tokenizer: Json | null;
}

/** @throws RangeError when the model has no tensor of that name. */
export function tensorOf(model: Model, name: string): Tensor {
  const tensor = model.tensors.get(name);
  if (tensor === undefined) throw new RangeError(`the model has no tensor ${name}`);
  return tensor;
}

/** Rows of a tensor, and elements of each; a vector has one element in each row. */
export function extent({ shape, values }: Tensor): { readonly rows: number; readonly columns: number } {
  const rows = shape[0] ?? 1;
  return { rows, columns: rows === 0 ? 0 : values.length / rows };
}

/** The model with some tensors replaced or added; null removes one. */
export function withTensors(model: Model, changes: Iterable<readonly [string, Tensor | null]>): Model {
  const tensors = new Map(model.tensors);
  for (const [name, tensor] of changes) {
    if (tensor === null) tensors.delete(name);
    else tensors.set(name, tensor);
  }
  return { ...model, tensors };
}

/** The model with every tensor mapped. */
export function mapTensors(model: Model, change: (tensor: Tensor, name: string) => Tensor): Model {
  return {
    ...model,
    tensors: new Map([...model.tensors].map(([name, tensor]) => [name, change(tensor, name)])),
  };
}

export function withConfig(model: Model, changes: Readonly<Record<string, Json>>): Model {
  return { ...model, config: { ...model.config, ...changes } };
}
