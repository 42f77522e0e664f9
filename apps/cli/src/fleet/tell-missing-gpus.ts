import { FLEET_QUEUES } from '@jokbo/contracts';
import type { QueueState } from './describe-queues.js';

/** Milliseconds between two looks at the queue. */
const LOOK_MS = 5_000;

/**
 * Says, once each time, that comparisons wait for a worker with a GPU and none is there. A look that fails is left out: that
 * the server is away is told by whoever follows the audit.
 *
 * @returns stops it.
 */
export function tellMissingGpus(
  describe: () => Promise<readonly QueueState[]>,
  note: (text: string) => void,
  every: number = LOOK_MS,
): () => void {
  let told = false;
  let stopped = false;
  const look = async (): Promise<void> => {
    const [queues] = await Promise.allSettled([describe()]);
    if (stopped || queues.status === 'rejected') return;
    const gpu = queues.value.find(({ role }) => role === 'gpu');
    const missing = gpu?.workers.length === 0 && (gpu.waiting ?? 0) > 0;
    if (missing && !told) {
      note(
        `comparisons wait for a worker with TensorFlow: none polls ${FLEET_QUEUES.gpu} (jokbo-worker --role gpu)`,
      );
    }
    told = missing;
  };
  const looking = setInterval(() => void look(), every);
  return () => {
    stopped = true;
    clearInterval(looking);
  };
}
