import { log10P, zOfLog10P } from './normal-tail.mjs';

/**
 * The layer map with the largest |z|. Maps are extra tests: p is multiplied by their number, and z is converted back
 * from that p, with the sign of the best map's.
 *
 * @param results [{ map, z, ... }], not empty.
 */
export function bestOfMaps(results) {
  let best = results[0];
  for (const result of results) if (Math.abs(result.z) > Math.abs(best.z)) best = result;
  const mapsTried = results.length;
  const corrected = Math.min(0, log10P(best.z) + Math.log10(mapsTried));
  const size = mapsTried === 1 ? Math.abs(best.z) : zOfLog10P(corrected);
  return {
    best,
    figures: {
      z: Math.sign(best.z) * size,
      log10_p: corrected,
      layer_map: best.map,
      maps_tried: mapsTried,
      details: { map_z: best.z },
    },
  };
}
