import { bestOfPrimaries, log10PTwoSided, zFromLog10P } from '@jokbo/statistics';

/** A statistic under one of several layer maps. */
export interface MapResult<T> {
  readonly map: string;
  readonly z: number;
  readonly result: T;
}

export interface BestMap<T> {
  readonly map: string;
  readonly result: T;
  readonly mapsTried: number;
  /** z of the best map itself. */
  readonly rawZ: number;
  /** z that corresponds to p × number of maps, with the sign of the best map's. */
  readonly z: number;
  readonly log10P: number;
}

/** Picks the map with the largest |z| and pays for the choice: p is multiplied by the number of maps tried. */
export function bestOfMaps<T>(results: readonly MapResult<T>[]): BestMap<T> | null {
  const [first, ...rest] = results;
  if (first === undefined) return null;
  const best = rest.reduce((held, next) => (Math.abs(next.z) > Math.abs(held.z) ? next : held), first);
  const all = results.map((result) => log10PTwoSided(result.z));
  const log10P = bestOfPrimaries(all) ?? 0;
  const size = results.length === 1 ? Math.abs(best.z) : zFromLog10P(log10P);
  return {
    map: best.map,
    result: best.result,
    mapsTried: results.length,
    rawZ: best.z,
    z: best.z < 0 ? -size : size,
    log10P,
  };
}
