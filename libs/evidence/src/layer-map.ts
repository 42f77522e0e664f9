/** How layers of the reference stand for layers of the subject. */
export interface ContiguousMap {
  /** `identity`, or `offset:k`: the deeper model's layer i + k against the other's layer i. */
  readonly name: string;
  /** Layer of the reference for a layer of the subject; null where there is none. */
  readonly referenceLayer: (layer: number) => number | null;
}

/**
 * The contiguous maps between two depths: offsets 0 … |L_A − L_B|. Maps other than the identity are extra
 * tests, which the caller pays for in p.
 */
export function contiguousMaps(subjectLayers: number, referenceLayers: number): ContiguousMap[] {
  const difference = Math.abs(subjectLayers - referenceLayers);
  return Array.from({ length: difference + 1 }, (_, offset) => ({
    name: offset === 0 ? 'identity' : `offset:${offset}`,
    referenceLayer: (layer: number): number | null => {
      const mapped = subjectLayers >= referenceLayers ? layer - offset : layer + offset;
      return mapped >= 0 && mapped < referenceLayers ? mapped : null;
    },
  }));
}

/** The identity alone, for components without layers and for definitions that ask for it. */
export const IDENTITY_MAP: ContiguousMap = { name: 'identity', referenceLayer: (layer) => layer };
