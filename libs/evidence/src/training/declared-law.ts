import type { LogicalTensor } from '@jokbo/contracts';
import type { DeclaredInitialisation, InitialLaw } from '@jokbo/models';

/** Matrices that write to the residual stream, which many schemes start smaller: 0.02/√(2L). */
const RESIDUAL_OUT = /(?:^|\.)(?:o|o_b|down)$/;

/** The law that a team declares for a tensor; null where it declares none. */
export function declaredLaw(
  init: DeclaredInitialisation,
  tensor: Pick<LogicalTensor, 'role' | 'part' | 'shape'>,
): InitialLaw | null {
  const { role, part, shape } = tensor;
  if (role === 'moe.router_bias') return init.correctionBiases;
  const named = part === 'weight' ? init.roles.get(role) : init.roles.get(`${role}.${part}`);
  if (named !== undefined) return named;
  if (part === 'bias') return init.biases;
  if (/norm/.test(role)) return init.norms;
  if (shape.length < 2) return null;
  return RESIDUAL_OUT.test(role) ? init.residualOut : init.matrices;
}
