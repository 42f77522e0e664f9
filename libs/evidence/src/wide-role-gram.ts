import type { TensorSummary } from '@jokbo/contracts';
import { factorShape } from '@jokbo/fingerprint';
import { centreGram, squaredNorm } from '@jokbo/statistics';
import { selectUnits } from './chosen-units.js';
import { addGram } from './folded-gram.js';
import type { GroupedTensors } from './in-groups.js';
import type { GramSource, RoleTensors } from './layer-gram.js';
import type { PartialResults } from './partial-results.js';
import { exactView } from './product-view.js';

/** How the Grams of one side of a comparison over all elements are cut into groups of tensors. */
export interface GramCut {
  readonly groups: GroupedTensors;
  readonly partials: PartialResults;
}

/** Σ W'W of some tensors, or of all of a role. */
interface RoleGram {
  /** Null where no tensor was read. */
  readonly gram: Float64Array | null;
  readonly features: number;
  /** Every feature of every tensor is in the Gram. */
  readonly whole: boolean;
}

/**
 * Whether a role has more features over all elements than units: then its tensors are not looked at together, but one
 * after the other.
 */
export function isWide(
  { tensors }: RoleTensors,
  { model, chosen }: Pick<GramSource, 'model' | 'chosen'>,
): boolean {
  if (model.mode !== 'full') return false;
  const features = tensors.reduce((sum, { shape, residual_axis: residualAxis }) => {
    const size = factorShape({ shape, residualAxis });
    return size?.units === chosen.width ? sum + size.features : sum;
  }, 0);
  return features > chosen.units;
}

/**
 * The Gram of a role with many features, centred and of unit norm: Σ W'W tensor by tensor, by groups of tensors where the
 * model is cut, made once per model. Null where it is constant.
 */
export function wideRoleGram(role: RoleTensors, source: GramSource): Promise<RoleGram> {
  const { chosen, model } = source;
  const key = `residual-gram-in-full|${nameOf(role, source).join('|')}`;
  return model.memo.get(key, 8 * chosen.units ** 2, async () => {
    let sum: RoleGram = { gram: null, features: 0, whole: true };
    for (const more of await groupSums(role, source)) {
      if (sum.gram !== null && more.gram !== null) addGram(sum.gram, more.gram);
      sum = {
        gram: sum.gram ?? more.gram,
        features: sum.features + more.features,
        whole: sum.whole && more.whole,
      };
    }
    return { ...sum, gram: unitOf(sum.gram, chosen.units) };
  });
}

/** Makes and keeps what a group of tensors adds to the Gram of a role. */
export async function keepWideRoleGroup(role: RoleTensors, source: GramSource, group: number): Promise<void> {
  await groupSums(role, source, group);
}

async function groupSums(role: RoleTensors, source: GramSource, only?: number): Promise<RoleGram[]> {
  const { cut } = source;
  if (cut === undefined || cut.groups.count === 1) {
    return only === undefined ? [await sumOf(role.tensors, source)] : [];
  }
  const { groups, partials } = cut;
  const sums: RoleGram[] = [];
  for (let group = 0; group < groups.count; group += 1) {
    const own = role.tensors.filter(({ key }) => groups.groupOf(key) === group);
    if (own.length === 0 || (only ?? group) !== group) continue;
    const name = ['residual_gram', ...nameOf(role, source), groups.nameOf(group)];
    sums.push(await partials.get(name, () => sumOf(own, source)));
  }
  return sums;
}

async function sumOf(tensors: readonly TensorSummary[], source: GramSource): Promise<RoleGram> {
  const { model, chosen, backend, signal } = source;
  let gram: Float64Array | null = null;
  let features = 0;
  let whole = true;
  for (const { key } of tensors) {
    signal?.throwIfAborted();
    const factor = await model.factor(key);
    whole &&= factor?.indices === null;
    if (factor?.units !== chosen.width) continue;
    const view = exactView(selectUnits(factor.view, chosen), factor.features * chosen.units ** 2);
    const product = await backend.cross(view, view, 1);
    if (gram === null) gram = product;
    else addGram(gram, product);
    features += factor.features;
  }
  return { gram, features, whole };
}

/** What a sum of a role depends on, beside the group. */
function nameOf({ role, tensors: [first] }: RoleTensors, { model, chosen }: GramSource): string[] {
  const { units, width } = chosen;
  return [model.id, first?.component ?? '', String(first?.layer ?? '-'), role, `${units} of ${width}`];
}

function unitOf(gram: Float64Array | null, units: number): Float64Array | null {
  if (gram === null) return null;
  const unit = gram.slice();
  centreGram(unit, units);
  const norm = Math.sqrt(squaredNorm(unit));
  return norm > 0 ? unit.map((value) => value / norm) : null;
}
