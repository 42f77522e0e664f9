import type { DescribeQueue } from './queue-state.js';

/** Comparisons per worker with a GPU that run or wait: two at a time, they wait for some minutes at most. */
const PER_WORKER = 8;

/**
 * Comparisons that workers with GPUs could begin soon: none where no worker of this build polls their queue, or where as
 * many wait as these can take.
 */
export async function gpuRoom(describe: DescribeQueue, build: string | null): Promise<number> {
  const { builds, waiting } = await describe('gpu');
  const workers = builds.filter((other) => other === build).length;
  return Math.max(0, workers * PER_WORKER - (waiting ?? 0));
}
