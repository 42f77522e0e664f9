import type { BackendChoice } from '@jokbo/contracts';
import { serveRequests, type PartStore } from '@jokbo/fingerprint';
import { createBackend } from '@jokbo/kernels';
import { createComparer, type Comparer, type CompareRequest } from './comparer.js';
import { openParts } from './local-workspace.js';

/** Serves comparisons on the calling worker thread, with a backend of its own. */
export function serveComparisons(): void {
  const comparers = new Map<string, Promise<Comparer>>();
  async function open(work: string, choice: BackendChoice): Promise<Comparer> {
    const parts: PartStore = openParts(work, () => undefined);
    return createComparer(parts, await createBackend(choice, { threads: 0 }, () => undefined));
  }
  serveRequests(async (request, signal) => {
    const { work, backend, ...comparison } = request as CompareRequest;
    const comparer = comparers.get(work) ?? open(work, backend);
    comparers.set(work, comparer);
    return { result: await (await comparer).compare(comparison, signal) };
  });
}
