import { join } from 'node:path';
import { createThreadedComparer, fingerprintSource, openParts, openSource } from '@jokbo/activities';
import { SILENT, type Component, type EvidenceRecord, type Method } from '@jokbo/contracts';
import { createTaskRunner, DEFAULT_FEATURES } from '@jokbo/fingerprint';
import type { IndependentPair } from './independent-pairs.js';

/** One draw of a primary where nothing is shared. */
export interface NullDraw {
  readonly subject: string;
  readonly reference: string;
  readonly component: Component;
  readonly method: Method;
  /** Raw z, before calibration. */
  readonly z: number;
  /** `zoo`: two independent models; `scramble`: seeded permutation of a model's units, a draw of the exact null. */
  readonly source: 'zoo' | 'scramble';
}

export interface MeasureNullsOptions {
  readonly pairs: readonly IndependentPair[];
  /** Folder of the zoo. */
  readonly zoo: string;
  /** Empty folder for fingerprints and evidence. */
  readonly work: string;
}

/**
 * Measures the primaries of independent pairs in the way of the pairs that calibrate an audit: under the identity map, as
 * the best of several maps of unequal depth is no draw from a normal.
 */
export async function measureNulls({ pairs, zoo, work }: MeasureNullsOptions): Promise<NullDraw[]> {
  const parts = openParts(work, () => undefined);
  const runner = createTaskRunner();
  const comparer = createThreadedComparer(work);
  try {
    const ids = new Map<string, string>();
    for (const path of new Set(pairs.flatMap(({ subject, reference }) => [subject, reference]))) {
      const source = await openSource(join(zoo, path));
      try {
        const options = { parts, runner, progress: SILENT, features: DEFAULT_FEATURES };
        ids.set(path, (await fingerprintSource(source, options)).id);
      } finally {
        await source.store.close();
      }
    }
    const drawn = await Promise.all(
      pairs.map(async (pair) => {
        const { evidence } = await comparer.compare({
          kind: 'calibration',
          subject: ids.get(pair.subject) ?? '',
          reference: ids.get(pair.reference) ?? '',
        });
        const bytes = await parts.get(evidence);
        if (bytes === null) throw new RangeError(`no evidence of ${pair.subject} × ${pair.reference}`);
        const { records } = JSON.parse(new TextDecoder().decode(bytes)) as { records: EvidenceRecord[] };
        return records.flatMap((record) => drawsOf(pair, record));
      }),
    );
    return drawn.flat();
  } finally {
    await comparer.close();
    await runner.close();
  }
}

/** z of the measured primary by its closed form, and those of its scrambles. */
function drawsOf({ subject, reference, components }: IndependentPair, record: EvidenceRecord): NullDraw[] {
  const { component, method, primary, status, scrambles, details } = record;
  if (!primary || status !== 'measured' || !components.includes(component)) return [];
  const closed = details['closed_form_z'];
  const z = typeof closed === 'number' ? closed : record.z;
  const draw = { subject, reference, component, method };
  return [
    ...(z === null ? [] : [{ ...draw, z, source: 'zoo' as const }]),
    ...scrambles.map((scramble) => ({ ...draw, z: scramble, source: 'scramble' as const })),
  ];
}
