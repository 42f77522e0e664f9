import type { MadeBatch } from '@jokbo/contracts';
import { MOST_NAMED } from './audit-failures.js';
import type { ComparedBatchEnd } from './compare-batch.js';

/** What a batch came to, once its evidence and its failures are stored in these pages. */
export function madeBatch(
  { evidence, failed }: ComparedBatchEnd,
  pages: Pick<MadeBatch, 'evidence' | 'failures'>,
): MadeBatch {
  return {
    ...pages,
    pairs: evidence.filter(({ comparison }) => comparison.kind === 'audit').length,
    failed: failed.length,
    errors: failed.slice(0, MOST_NAMED).map(({ name, error }) => ({ name, error })),
  };
}
