import type { TensorSummary } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import { blockRole } from './dense-and-experts.js';
import { informationBits } from './byte-identity.js';
import { componentTensors } from './paired-tensors.js';

/** Information below which an expert's equal bytes prove nothing. */
const TRIVIAL_BITS = 1024;

/** Experts of which every projection has the same bytes in one expert of the other model. */
export interface IdenticalExperts {
  readonly experts: number;
  readonly identical: number;
  /** Of those, the ones that stand at another place. */
  readonly moved: number;
}

/** Counts routed experts that are the same, byte by byte, wherever they stand. */
export function identicalExperts(subject: ModelData, reference: ModelData): IdenticalExperts {
  const places = new Map<string, string[]>();
  for (const [place, tensors] of expertsOf(reference)) {
    const name = nameOf(tensors);
    places.set(name, [...(places.get(name) ?? []), place]);
  }
  let identical = 0;
  let moved = 0;
  const own = expertsOf(subject);
  for (const [place, tensors] of own) {
    const bits = tensors.reduce((sum, tensor) => sum + informationBits(tensor), 0);
    const found = bits >= TRIVIAL_BITS ? places.get(nameOf(tensors)) : undefined;
    if (found === undefined) continue;
    identical += 1;
    if (!found.includes(place)) moved += 1;
  }
  return { experts: own.size, identical, moved };
}

/** Place `layer|expert` → projections, by role. */
function expertsOf(model: ModelData): Map<string, TensorSummary[]> {
  const experts = new Map<string, TensorSummary[]>();
  for (const tensor of componentTensors(model, 'experts')) {
    if (tensor.expert === null || tensor.part !== 'weight' || blockRole(tensor.role) === null) continue;
    const place = `${tensor.layer ?? '-'}|${tensor.expert}`;
    experts.set(place, [...(experts.get(place) ?? []), tensor]);
  }
  return experts;
}

function nameOf(tensors: readonly TensorSummary[]): string {
  return tensors.map(({ role, shape, digest }) => `${role} ${shape.join('x')} ${digest}`).join('|');
}
