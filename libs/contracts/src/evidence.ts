import type { Component } from './component.js';

/** Methods whose records may stand in a result document. */
export const METHODS = [
  'byte_identity',
  'value_identity',
  'row_identity',
  'trace',
  'rank_trace',
  'balanced_trace',
  'residual_gram',
  'hidden_gram',
  'hidden_trace',
  'value_gram',
  'expert_axis',
  'matched_units',
  'attention_heads',
  'shuffled_experts',
  'upcycled_experts',
  'duplicated_layers',
  'start_split',
  'norm_context',
  'residual_permutation',
  'residual_rotation',
  'rotated_hidden',
  'head_matching',
  'hidden_matching',
  'token_matching',
  'token_fixed_points',
  'awm',
  'mdir',
  'huref',
] as const;
export type Method = (typeof METHODS)[number];

export type EvidenceStatus = 'measured' | 'not_applicable' | 'degenerate' | 'invalid';

/** One block: a layer's role, or an expert's. Thresholds on blocks use its raw z. */
export interface BlockRecord {
  readonly key: string;
  readonly reference_key: string;
  readonly z: number | null;
  readonly r: number | null;
  readonly parameters: number;
  readonly identical: boolean;
}

export interface SkippedTensor {
  readonly key: string;
  readonly reason: string;
}

/**
 * One statistic of one component against one reference, with its null. Numbers are null when not measured,
 * never 0. z is raw; calibrated values are made by the decision rule.
 */
export interface EvidenceRecord {
  /** Stable: derived from subject, reference, component, method and variant. */
  readonly id: string;
  readonly method: Method;
  readonly tier: 0 | 1 | 2 | 3 | 4;
  readonly component: Component;
  /** One of the pre-registered statistics that decide. */
  readonly primary: boolean;
  readonly status: EvidenceStatus;
  /** Code that says why, when the status is not `measured`. */
  readonly reason: string | null;
  readonly mode: 'sampled' | 'full';
  /** What is permuted under the null: e.g. `residual dimensions (128)`. */
  readonly null_hypothesis: string;
  readonly z: number | null;
  readonly log10_p: number | null;
  readonly r: number | null;
  /** 99 % interval of r. */
  readonly r_interval: readonly [number, number] | null;
  /** Smallest r found with 99 % power at |z| = 8 before calibration. */
  readonly r_min: number | null;
  readonly n_eff: number | null;
  /** Units that are permuted. */
  readonly units: number | null;
  /** Largest |z| that the shapes allow. */
  readonly ceiling: number | null;
  readonly tensors: number;
  readonly features: number;
  readonly parameters: number;
  /** `identity`, or `offset:k` for a contiguous map. */
  readonly layer_map: string;
  readonly maps_tried: number;
  readonly blocks: readonly BlockRecord[];
  readonly skipped: readonly SkippedTensor[];
  /** z of seeded self-scrambles of the reference: draws from the exact null, for the controls. */
  readonly scrambles: readonly number[];
  /** Method-specific figures, flat: name → number, text or null. */
  readonly details: Readonly<Record<string, number | string | null>>;
}

/** What a layer × layer map says about the order of layers. Cells choose; only the path has a null of its own. */
export interface LayerAlignment {
  /** Layer of the reference with the best cell of each row; null where none reaches z = 8. By layer number. */
  readonly best: readonly (number | null)[];
  /** `identity`, `shift`, `duplicated`, `dropped`, `inserted`, `re-ordered`: every one that applies. */
  readonly patterns: readonly string[];
  /** The map in words, e.g. `0 from 0; 1 from 0; 2-4 from 1-3; duplicated 0`; empty where no layer is matched. */
  readonly summary: string;
  /** Score of the best order-preserving path through the cells; null where it was not searched. */
  readonly path_score: number | null;
  /** log10 p of that score among the best paths on jointly permuted units. */
  readonly path_log10_p: number | null;
  readonly path_permutations: number;
}

/** Layer × layer (or expert × expert) values of one role family, raw and as z; null = undefined cell. */
export interface LayerMap {
  readonly component: Component;
  /** e.g. `norm.pre_attn`, `attn.q`. */
  readonly role: string;
  readonly rows: number;
  readonly columns: number;
  /**
   * `trace` of matched features; `gram` (Mantel) where features cannot be matched, which shows dependence but does not
   * localise; `matching` for agreement of matched hidden units. Absent = trace.
   */
  readonly statistic?: 'trace' | 'gram' | 'matching';
  /** Number of the layer (or expert) in each row and column. Absent = 0, 1, 2 …. */
  readonly row_layers?: readonly number[];
  readonly column_layers?: readonly number[];
  readonly alignment?: LayerAlignment | null;
  /** Raw cosine, row-major; context only. */
  readonly cosine: readonly (number | null)[];
  /** Centred correlation. */
  readonly r: readonly (number | null)[];
  readonly z: readonly (number | null)[];
  /** Diagonal statistic against its permutation null. */
  readonly diagonal_z: number | null;
  readonly diagonal_log10_p: number | null;
}
