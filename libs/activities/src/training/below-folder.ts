import type { TrainingSection } from '@jokbo/contracts';
import { withoutFolder } from '../place-below.js';

/** What cannot be read is named below the folder of the programme. */
export function belowFolder(section: TrainingSection, folder: string): TrainingSection {
  return {
    ...section,
    unreadable: section.unreadable.map(({ object, message }) => ({
      object: object === null ? null : withoutFolder(folder, object),
      message: withoutFolder(folder, message),
    })),
  };
}
