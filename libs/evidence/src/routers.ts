import type { TensorSummary } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import type { Factor } from '@jokbo/statistics';
import { factorRows } from './disguise/factor-rows.js';
import { componentTensors } from './paired-tensors.js';
import { someUnits } from './some-units.js';

/** Routers of the text tower, by layer: experts × residual dimensions. Correction biases are no routers. */
export function routersOf(model: ModelData): TensorSummary[] {
  return componentTensors(model, 'router').filter(
    ({ scope, role, part, layer, residual_axis: axis }) =>
      scope === 'text' && role === 'moe.router' && part === 'weight' && layer !== null && axis === 1,
  );
}

/**
 * A router's rows over at most `dimensions` residual dimensions: a seeded choice by width, the same for both models and
 * every layer.
 *
 * @returns null where the sample does not keep every expert's row.
 */
export async function routerRows(
  model: ModelData,
  router: TensorSummary,
  dimensions: number,
): Promise<Factor | null> {
  const factor = await model.factor(router.key);
  if (factor === null || factor.features !== router.shape[0] || factor.units < 2) return null;
  const rows = Array.from({ length: factor.features }, (_, row) => row);
  return someUnits(factorRows(factor, rows), 'router', dimensions);
}
