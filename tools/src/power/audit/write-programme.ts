import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ALIKE, NEGATIVE_CONTROLS, type ReferenceModel } from './references.js';

/** Folder of made models below the programme file. */
export const MADE_FOLDER = 'made';

/** A made model as the programme names it. */
export interface MadeSubject {
  readonly id: string;
  readonly release: string;
}

/**
 * Writes the programme file of one audit: made models below `folder` against models of the zoo, with controls and
 * calibration as in any programme.
 *
 * @returns its URI.
 */
export async function writeProgramme(
  folder: string,
  zoo: string,
  subjects: readonly MadeSubject[],
  references: readonly ReferenceModel[],
): Promise<string> {
  const programme = {
    version: 1,
    name: 'Transformed models',
    language: 'en',
    storage: { zoo, made: join(folder, MADE_FOLDER) },
    subjects: subjects.map(({ id, release }) => ({
      id,
      team: 'made',
      release,
      source: `made:${id}`,
    })),
    references: references.map(({ id, path }) => ({ id, name: id, source: `zoo:${path}` })),
    controls: {
      negative: NEGATIVE_CONTROLS.filter((control) => references.some(({ id }) => id === control)),
      alike: ALIKE.filter((pair) => pair.every((model) => references.some(({ id }) => id === model))),
    },
    rules: { require_tier3: true },
  };
  const path = join(folder, 'programme.yaml');
  // JSON is YAML.
  await writeFile(path, JSON.stringify(programme, undefined, 2));
  return pathToFileURL(path).href;
}
