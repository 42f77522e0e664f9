import type { BlockRecord, LayerMap, TensorSummary } from '@jokbo/contracts';
import type { Comparison } from './comparison.js';
import { componentTensors } from './paired-tensors.js';

/** A cell counts as a match from here on; p of one cell is about 1e-15. */
const CELL_Z = 8;

/** Which layer of the reference each layer of the subject follows, where one does. */
export interface MatchedLayers {
  /** e.g. `0,0,1,2,2,3`; `-` where no layer matches. */
  readonly name: string;
  readonly blocks: readonly BlockRecord[];
}

/**
 * Row-wise best cells of a component's maps (tier 2): for every layer of the subject the layer of the reference
 * with the largest mean z over roles, where it is at least 8. Several rows may share a column: duplicated layers.
 *
 * @returns null when no layer matches.
 */
export function matchedLayers(comparison: Comparison, maps: readonly LayerMap[]): MatchedLayers | null {
  // Only trace cells localise: Grams of other layers are alike too.
  const traces = maps.filter(({ statistic }) => statistic !== 'gram');
  const [first] = traces;
  if (first === undefined) return null;
  const sameShape = traces.filter((map) => map.rows === first.rows && map.columns === first.columns);
  const partners = Array.from({ length: first.rows }, (_, row) => bestColumn(sameShape, row, first.columns));
  if (partners.every((partner) => partner === null)) return null;
  const own = componentTensors(comparison.subject, comparison.component);
  const other = componentTensors(comparison.reference, comparison.component);
  const blocks = sameShape.flatMap((map) => {
    const subjectRows = tensorsOf(own, map.role);
    const referenceRows = tensorsOf(other, map.role);
    return partners.flatMap((column, row) => {
      const [tensor, partner] = [subjectRows[row], column === null ? undefined : referenceRows[column]];
      if (tensor === undefined || partner === undefined || column === null) return [];
      const at = row * map.columns + column;
      return [
        {
          key: tensor.key,
          reference_key: partner.key,
          z: map.z[at] ?? null,
          r: map.r[at] ?? null,
          parameters: tensor.parameters,
          identical: tensor.digest === partner.digest,
        },
      ];
    });
  });
  return { name: partners.map((partner) => partner ?? '-').join(','), blocks };
}

function bestColumn(maps: readonly LayerMap[], row: number, columns: number): number | null {
  let best: number | null = null;
  let bestZ = CELL_Z;
  for (let column = 0; column < columns; column += 1) {
    const cells = maps.flatMap((map) => map.z[row * columns + column] ?? []);
    const mean = cells.length === 0 ? 0 : cells.reduce((sum, z) => sum + z, 0) / cells.length;
    if (mean >= bestZ) {
      best = column;
      bestZ = mean;
    }
  }
  return best;
}

function tensorsOf(tensors: readonly TensorSummary[], role: string): TensorSummary[] {
  return tensors.filter(
    (tensor) =>
      tensor.role === role &&
      tensor.layer !== null &&
      tensor.expert === null &&
      tensor.residual_axis !== null &&
      tensor.part === 'weight',
  );
}
