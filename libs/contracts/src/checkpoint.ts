import type { Component, Scope } from './component.js';
import type { Dtype } from './dtype.js';

/** One tensor as a safetensors header describes it. */
export interface StoredTensor {
  /** Name on disk. */
  readonly name: string;
  /** Shard file, path below the model's folder. */
  readonly file: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Absolute byte offsets in the shard file. */
  readonly begin: number;
  readonly end: number;
}

/** One file of a checkpoint. */
export interface CheckpointFile {
  readonly path: string;
  readonly size: number;
  readonly etag: string;
}

/** Canonical position of a logical tensor: `scope|layer|role|expert|part`, `-` where absent. */
export interface TensorRole {
  readonly scope: Scope;
  readonly layer: number | null;
  /** e.g. `attn.q`, `moe.expert.up`, `norm.pre_attn`, `embed`. */
  readonly role: string;
  readonly expert: number | null;
  /** `weight`, `bias`, or the name of a quantisation companion. */
  readonly part: string;
}

/**
 * Which elements of a stored matrix [R, C] make up a logical one, after an optional transposition.
 * `rows` are half-open ranges of rows (of the stack slice, if `slice` is given) in logical order.
 */
export interface TensorCut {
  /** Index on dim 0 of a stacked 3-D tensor [E, R, C]. */
  readonly slice?: number;
  /** Stored matrix is [in, out]: logical = stored transposed; `rows` then count stored columns. */
  readonly transpose?: boolean;
  /** Row ranges in logical order; absent = all rows. */
  readonly rows?: readonly { readonly start: number; readonly end: number; readonly step?: number }[];
}

/** A tensor with a meaning: a stored one, or an exact part of a fused or stacked one. */
export interface LogicalTensor extends TensorRole {
  /** `scope|layer|role|expert|part`. */
  readonly key: string;
  /** The component it counts for; null = context, never part of a verdict. */
  readonly component: Component | null;
  /** Logical shape, vectors as [n], matrices as [out, in]. */
  readonly shape: readonly number[];
  readonly stored: string;
  readonly cut: TensorCut | null;
  /** Stored name of the scale tensor of a quantised weight. */
  readonly scales: string | null;
  /** [rows, columns] of one scale block of a quantised weight. */
  readonly block: readonly [number, number] | null;
  /** Where the residual stream lies: 0 = rows, 1 = columns, null = no residual axis. */
  readonly residualAxis: 0 | 1 | null;
}

/** A residual stream of its own: of the text layers, or of a tower. */
export type Stream = 'text' | 'vision' | 'audio';

/** What the config says about dimensions; null where it does not say. */
export interface Architecture {
  readonly modelType: string;
  /** Known to the rules by name, or mapped by names and shapes alone. */
  readonly architecture: 'listed' | 'unlisted';
  readonly hiddenSize: number | null;
  readonly layers: number | null;
  readonly heads: number | null;
  readonly kvHeads: number | null;
  readonly headDim: number | null;
  readonly experts: number | null;
  /** Groups among which the router chooses first: experts trade places only inside one. Absent = one group. */
  readonly routingGroups?: number;
  readonly vocabulary: number | null;
  readonly tied: boolean;
  /** Width of the vision tower's own residual stream. */
  readonly visionWidth: number | null;
  readonly visionHeads: number | null;
  /** MLA dimensions: rows of kv_b per head are [nope; v]. */
  readonly mla: { readonly nope: number; readonly rope: number; readonly value: number } | null;
  /**
   * Streams to which sines and cosines are added as positions: the code gives their residual dimensions an order, whoever
   * trains the weights. Absent = none.
   */
  readonly sinusoidal?: readonly Stream[];
}

/** Why a stored tensor is not compared. */
export type ExclusionReason =
  | 'unmapped-name'
  | 'fused-layout-unknown'
  | 'unsupported-quantisation'
  | 'unsupported-dtype'
  | 'duplicate-of-main'
  | 'buffer'
  | 'architecture-specific';

export interface ExcludedTensor {
  readonly stored: string;
  readonly reason: ExclusionReason;
  readonly parameters: number;
}

/** A checkpoint understood: its files, what each tensor is, and what is left out and why. */
export interface Checkpoint {
  readonly uri: string;
  readonly files: readonly CheckpointFile[];
  readonly architecture: Architecture;
  readonly stored: readonly StoredTensor[];
  readonly tensors: readonly LogicalTensor[];
  readonly excluded: readonly ExcludedTensor[];
  /** Facts that a reader should see: surplus shards, dtype against config, unlisted architecture. */
  readonly findings: readonly string[];
  readonly tokenizer: Vocabulary | null;
}

/** Token id → the bytes that the token stands for; added and special tokens are left out. */
export interface Vocabulary {
  /** Number of entries of the tokenizer, special tokens included. */
  readonly size: number;
  /** Hex of the token's bytes by id; undefined where the id has no plain token. */
  readonly bytesById: ReadonlyMap<number, string>;
  /** SHA-256 over the sorted (id, bytes) list. */
  readonly digest: string;
}
