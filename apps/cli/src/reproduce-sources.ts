import { openParts, parseReproduceCommand } from '@jokbo/activities';
import { UsageError, type ResultDocument } from '@jokbo/contracts';
import { loadFingerprint, writeFingerprint } from '@jokbo/fingerprint';
import { joinUri, openStore } from '@jokbo/storage';

/** The sources as they lie: places of a programme's folder below `root`, others as they are. */
export function sourcesBelow(root: string): (place: string) => Promise<string> {
  return (place) =>
    Promise.resolve(place.includes('://') || place.startsWith('/') ? place : joinUri(root, place));
}

/**
 * Fingerprints of a work folder in place of the sources, each written as a folder below `scratch` that stands for its
 * model.
 *
 * @throws UsageError (later) where the work folder lacks one.
 */
export function fingerprintsOf(
  document: ResultDocument,
  work: string,
  scratch: string,
): (place: string) => Promise<string> {
  const models = modelsByPlace(document);
  return async (place) => {
    const id = document.models.find((model) => model.id === models.get(place))?.fingerprint;
    if (id === undefined)
      throw new UsageError('the result has no fingerprint of this model', { value: place });
    const folder = `${scratch}/fingerprints/${id}`;
    const damages: string[] = [];
    const parts = openParts(work, (text) => damages.push(text));
    const store = openStore(folder);
    try {
      const fingerprint = await loadFingerprint(parts, id);
      if (fingerprint === null) {
        const what =
          damages.length === 0 ? 'does not hold this fingerprint' : 'holds this fingerprint damaged';
        throw new UsageError(`the work folder ${what}`, { object: work, value: id });
      }
      await writeFingerprint(fingerprint, store);
      return folder;
    } finally {
      await store.close();
      await parts.close();
    }
  };
}

/** Ids of models by the place that the commands of the pairs name; a control is a reference of another pair. */
function modelsByPlace({ pairs }: ResultDocument): Map<string, string> {
  return new Map(
    pairs.flatMap(({ subject, reference, reproduce }): [string, string][] => {
      const command = parseReproduceCommand(reproduce);
      return command === null
        ? []
        : [
            [command.subject, subject],
            [command.reference, reference],
          ];
    }),
  );
}
