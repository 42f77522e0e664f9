import type { TrainingSection } from '@jokbo/contracts';
import type { StoredPlan } from '../audit-plan.js';
import { placeBelow } from '../place-below.js';
import { belowFolder } from './below-folder.js';
import { trajectoryCommand } from './trajectory-command.js';

/**
 * The section of a release as a result holds it: with the command that measures it again, and without the folder of the
 * programme.
 *
 * @param wasRead whether a reference of the programme could be read.
 */
export function reproducibleSection(
  { programme, entries, training, folder }: StoredPlan,
  section: TrainingSection,
  wasRead: (reference: string) => boolean,
): TrainingSection {
  const planned = training?.find(({ subject }) => subject === section.subject);
  if (planned === undefined) return section;
  const place = (id: string): string =>
    placeBelow(folder, entries.find((entry) => entry.id === id)?.uri ?? id);
  const reproduce = trajectoryCommand({
    release: place(section.subject),
    training: placeBelow(folder, planned.uri),
    references: planned.references.filter(wasRead).map(place),
    features: programme.budget.features,
  });
  return { ...belowFolder(section, folder), reproduce };
}
