import type { Architecture, ExcludedTensor, TensorRole } from './checkpoint.js';
import type { Component } from './component.js';
import type { Dtype } from './dtype.js';

/** Exact figures over all elements of one tensor. */
export interface TensorMoments {
  readonly n: number;
  readonly sum: number;
  readonly sum_squares: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly zeros: number;
  /** NaN and infinite elements. */
  readonly not_finite: number;
  /** Rényi-2 entropy of the stored 16-bit (or 8-bit) patterns, in bits per element: −log2 Σ p². */
  readonly entropy_bits: number;
}

/** What a fingerprint keeps of one tensor's residual-axis factor: features × units. */
export interface SampleSummary {
  /** Rows kept: all, or the seeded choice of `count` granules. */
  readonly features: number;
  readonly units: number;
  readonly dtype: Dtype;
  /** Features of the whole tensor. */
  readonly of: number;
  /** Features that are kept or left out together (a whole KV group). */
  readonly granule: number;
  /** Kept features, ascending; null = all of them, or named by token. */
  readonly indices: readonly number[] | null;
  /** How features are named across models: by index, or by the bytes of the token. */
  readonly by: 'index' | 'token';
  /** SHA-256 of the kept values as they are stored, hex: each sample can be read and checked by itself. */
  readonly digest: string;
}

/** One logical tensor as a fingerprint describes it. */
export interface TensorSummary extends TensorRole {
  readonly key: string;
  readonly component: Component | null;
  readonly stored: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly residual_axis: 0 | 1 | null;
  /** SHA-256 of the canonical bytes, hex. */
  readonly digest: string;
  readonly parameters: number;
  readonly bytes: number;
  readonly moments: TensorMoments;
  readonly sample: SampleSummary | null;
}

/** The small, content-addressed stand-in for a release: everything the evidence needs. */
export interface FingerprintDocument {
  readonly schema_version: 1;
  /** Version of the sampling scheme: samples of different schemes are never compared. */
  readonly sampling: string;
  /** Joined features per pair that the samples were made for. */
  readonly features: number;
  readonly architecture: Architecture;
  readonly files: readonly { readonly path: string; readonly size: number; readonly digest: string }[];
  readonly tensors: readonly TensorSummary[];
  readonly excluded: readonly ExcludedTensor[];
  readonly findings: readonly string[];
  readonly vocabulary: { readonly size: number; readonly digest: string } | null;
  /** Token of each sampled embedding row: hex of its bytes. Null = rows are named by index. */
  readonly tokens: readonly string[] | null;
  /** SHA-256 over the digests (hex, in key order) of the samples: the address of the file that holds them. */
  readonly samples_digest: string;
}
