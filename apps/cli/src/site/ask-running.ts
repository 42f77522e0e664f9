import type { AskRunning, RunningAudit } from '@jokbo/web';
import { parseUri } from '@jokbo/storage';
import { measurePace } from './measure-pace.js';
import { runningBelow } from './read-running.js';

/** Many who look ask once in this time. Milliseconds. */
const ASKED_ANEW_MS = 1000;

/**
 * The audits that run now: those below a local work folder and, where TEMPORAL_ADDRESS is set, those of the fleet.
 *
 * @param onError told of a fleet that does not answer; what is known without it is told.
 */
export function askRunning(work: string, onError: (error: unknown) => void): AskRunning {
  const location = parseUri(work);
  const onFleet = (process.env['TEMPORAL_ADDRESS'] ?? '') !== '';
  const pace = measurePace();
  let asking = false;
  let asked = Number.NEGATIVE_INFINITY;
  let told: Promise<readonly RunningAudit[]> = Promise.resolve([]);

  async function ask(): Promise<readonly RunningAudit[]> {
    const local = location.scheme === 'file' ? await runningBelow(location.folder) : [];
    if (!onFleet) return local;
    // The client of the fleet is loaded by those alone who have one.
    const { runningOnFleet } = await import('../fleet/running-on-fleet.js');
    const remote = await runningOnFleet().catch((error: unknown) => {
      onError(error);
      return [];
    });
    return [...local, ...pace(remote, Date.now())];
  }

  return () => {
    const now = performance.now();
    // A fleet without workers takes seconds to answer: one question at a time.
    if (!asking && now - asked >= ASKED_ANEW_MS) {
      asked = now;
      asking = true;
      told = ask().finally(() => {
        asking = false;
      });
    }
    return told;
  };
}
