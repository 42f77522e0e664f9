import type { Architecture, Dtype, TensorSummary, TensorView } from '@jokbo/contracts';
import type { Memo } from './memo.js';

/**
 * The residual-axis factor of one tensor: features × units, each row one feature over all units. `names[i]`
 * says which feature row i is, ascending; two models pair rows of equal name.
 */
export interface FactorData {
  readonly view: TensorView;
  readonly dtype: Dtype;
  readonly features: number;
  readonly units: number;
  /** Index of each kept feature; null = all, in order. */
  readonly indices: readonly number[] | null;
  /** Token bytes of each kept feature, for embedding and head of a model with a tokenizer. */
  readonly tokens: readonly string[] | null;
}

/** What the evidence reads of a model: a fingerprint's samples, or a checkpoint's every element. */
export interface ModelData {
  /** Address of the fingerprint. */
  readonly id: string;
  readonly mode: 'sampled' | 'full';
  readonly architecture: Architecture;
  readonly tensors: ReadonlyMap<string, TensorSummary>;
  /** @returns null where the tensor has no residual axis, or the sample left it out. */
  factor(key: string): Promise<FactorData | null>;
  /** Derived results that the next comparison of this model can use again. */
  readonly memo: Memo;
  close(): Promise<void>;
}
