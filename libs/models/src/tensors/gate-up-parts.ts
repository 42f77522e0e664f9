import type { ModelConfig } from '../config/parse-config.js';
import { consecutiveParts, type RowPart } from './row-ranges.js';

/** Row parts `gate` and `up` of a fused matrix of that many rows; null when the layout is not known. */
export function gateUpParts(
  rows: number,
  { layout }: Pick<ModelConfig, 'layout'>,
): readonly RowPart[] | null {
  const half = rows / 2;
  if (layout?.gateUp === undefined || !Number.isInteger(half)) return null;
  switch (layout.gateUp) {
    case 'gate-first':
      return consecutiveParts([
        ['gate', half],
        ['up', half],
      ]);
    case 'up-first':
      return consecutiveParts([
        ['up', half],
        ['gate', half],
      ]);
    case 'interleaved':
      return [
        { name: 'gate', rows: [{ start: 0, end: rows, step: 2 }] },
        { name: 'up', rows: [{ start: 1, end: rows, step: 2 }] },
      ];
  }
}
