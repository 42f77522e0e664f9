import { jointScore, type ReferenceMeasurement } from '@jokbo/evidence';
import { loadFingerprint, openFingerprint, type Fingerprint } from '@jokbo/fingerprint';
import { UNCALIBRATED_LAMBDA } from '@jokbo/verdict';
import { loadJson, numericClass, type StoredEvidence } from '../evidence-store.js';
import { remember } from './remember.js';
import type { TrajectoryDeps } from './trajectory-deps.js';

export type MeasuredReference = ReferenceMeasurement;

/**
 * One checkpoint against one reference: the trace joint over all tensors, and the registered primaries as an audit
 * measures them for a control, under the cautious λ of an uncalibrated job.
 */
export async function measureReference(
  step: number,
  own: Fingerprint,
  reference: { readonly id: string; readonly fingerprint: string },
  deps: Pick<TrajectoryDeps, 'parts' | 'backend' | 'comparer' | 'signal'>,
): Promise<MeasuredReference> {
  const { parts, backend, comparer, signal } = deps;
  const joint = await remember(
    parts,
    ['reference', own.id, reference.fingerprint, ...numericClass(backend)],
    async () => {
      const other = await loadFingerprint(parts, reference.fingerprint);
      if (other === null) throw new RangeError(`no fingerprint ${reference.fingerprint}`);
      const score = await jointScore(openFingerprint(own), openFingerprint(other), backend, {
        trainedApart: true,
        signal,
      });
      return { z: score?.z ?? null };
    },
  );
  const { evidence } = await comparer.compare(
    { kind: 'negative', subject: own.id, reference: reference.fingerprint },
    signal,
  );
  const stored = await loadJson<StoredEvidence>(parts, evidence);
  let primary: number | null = null;
  let primaryOf: string | null = null;
  for (const { primary: decides, status, z, component, method } of stored?.records ?? []) {
    if (!decides || status !== 'measured' || z === null) continue;
    const score = z / Math.sqrt(UNCALIBRATED_LAMBDA);
    if (primary !== null && Math.abs(score) <= Math.abs(primary)) continue;
    primary = score;
    primaryOf = `${component} ${method}`;
  }
  return { reference: reference.id, step, joint: joint.z, primary, primaryOf };
}
