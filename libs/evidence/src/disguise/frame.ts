import type { Factor } from '@jokbo/statistics';

/** A common basis of the two residual streams: brings factors of either side to the same units. */
export interface Frame {
  /** Dimensions of the common basis. */
  readonly units: number;
  /** Rows of the subject, features × its width, in the common basis. */
  own(factor: Factor): Promise<Factor>;
  other(factor: Factor): Promise<Factor>;
}
