import type { ModelData } from '@jokbo/fingerprint';
import type { CentredFactor } from '@jokbo/statistics';

/** Whose a factor is, and a name that it has among all factors of that model. */
export interface FactorOrigin {
  readonly model: ModelData;
  readonly name: string;
  /** Centred Gram of its features, where it is made as they are stored: see `storedFeatureGram`. */
  readonly featureGram: () => Promise<Float64Array | null>;
}

/** A centred factor as it is tested. */
export interface TransformedFactor extends CentredFactor {
  /**
   * Coefficients C (directions × features) of the features along orthonormal directions that were projected out, where
   * nothing else was done: the Gram of the features is that before, less C'C.
   */
  readonly removed?: Float64Array;
}

/** What is done to each centred factor before the test: any map f with f(P A) = P f(A) keeps the null exact. */
export type FactorTransform = (
  factor: CentredFactor,
  origin: FactorOrigin,
) => TransformedFactor | Promise<TransformedFactor>;

export const AS_IT_IS: FactorTransform = (factor) => factor;
