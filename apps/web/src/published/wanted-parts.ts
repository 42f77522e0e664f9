import type { WantedParts } from '@jokbo/database';
import { addressOf } from '../address.js';
import { NotFound } from '../problem.js';
import type { AskViews } from './query-views.js';
import { readSubject } from './read-subject.js';

/** What of a result the page or answer of a release needs. @throws NotFound where the run has no such release. */
export async function releaseParts(ask: AskViews, runId: number, id: string): Promise<WantedParts> {
  return { subject: await readSubject(ask, runId, id), records: true };
}

/** All of one pair. @throws NotFound where the run has no such pair. */
export async function pairParts(ask: AskViews, runId: number, id: string): Promise<WantedParts> {
  const pairs = await ask<{ subject: string; reference: string }>(
    'select subject, reference from report_v1.verdicts where run_id = $1',
    [runId],
  );
  const pair = pairs.find(({ subject, reference }) => addressOf(subject, reference) === id);
  if (pair === undefined) throw new NotFound('the result has no such pair');
  return { ...pair, records: true, blocks: true, maps: true };
}

/** The maps of the pair that a map is of. @throws NotFound where the run has no such map. */
export async function mapParts(ask: AskViews, runId: number, id: string): Promise<WantedParts> {
  const maps = await ask<{
    subject: string;
    reference: string;
    component: string;
    role: string;
    statistic: string;
  }>('select subject, reference, component, role, statistic from report_v1.layer_maps where run_id = $1', [
    runId,
  ]);
  const map = maps.find(
    ({ subject, reference, component, role, statistic }) =>
      addressOf(subject, reference, component, role, statistic) === id,
  );
  if (map === undefined) throw new NotFound('the result has no such map');
  return { subject: map.subject, reference: map.reference, maps: true };
}
