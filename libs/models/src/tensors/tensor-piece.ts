import type { TensorCut } from '@jokbo/contracts';

/** One logical tensor that a stored one holds. */
export interface TensorPiece {
  readonly role: string;
  readonly expert: number | null;
  readonly cut: TensorCut | null;
  /** Logical shape: matrices [out, in]. */
  readonly shape: readonly number[];
}
