import type { ModelSummary } from '@jokbo/contracts';
import { objectFigures, type FigurePlace, type ReproducedFigure } from './reproduced-figure.js';

/** Names that a programme gives a model. */
const NAMES = new Set(['id', 'name', 'role', 'team', 'family']);

/** Holds a published model against what its source is now: digests of the fingerprint and of every file first. */
export function modelFigures(
  role: ModelSummary['role'],
  published: ModelSummary | undefined,
  measured: ModelSummary | undefined,
): ReproducedFigure[] {
  const place: FigurePlace = { component: '', record: null, of: role };
  return [
    ...objectFigures(place, digestsOf(published), digestsOf(measured)),
    ...objectFigures(place, published, measured, (key) => key === 'fingerprint' || NAMES.has(key)),
  ];
}

/** Fingerprint first: it tells whether these are the weights that were published. */
function digestsOf(model: ModelSummary | undefined): Record<string, string> | undefined {
  if (model === undefined) return undefined;
  const files = model.files.map(({ path, digest }) => [`file ${path}`, digest]);
  return { fingerprint: model.fingerprint, ...(Object.fromEntries(files) as Record<string, string>) };
}
