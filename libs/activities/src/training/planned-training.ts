import type { Programme } from '@jokbo/contracts';
import { resolveSource } from '../programme/index.js';

/** Training records of one subject of a programme. */
export interface PlannedTraining {
  readonly subject: string;
  readonly uri: string;
  /** Ids of the references that no checkpoint may be linked to: all but declared ancestors and the release itself. */
  readonly references: readonly string[];
}

/** The subjects of a programme with training records, in its order. */
export function plannedTraining(programme: Programme, programmeUri: string): readonly PlannedTraining[] {
  const resolve = (source: string): string => resolveSource(programme, source, programmeUri);
  return programme.subjects.flatMap(({ id, source, training, lineage }) => {
    if (training === null) return [];
    const own = resolve(source);
    const references = programme.references
      .filter((reference) => resolve(reference.source) !== own)
      .filter((reference) => !lineage.some(({ from }) => from === reference.id))
      .map((reference) => reference.id);
    return [{ subject: id, uri: resolve(training), references }];
  });
}
