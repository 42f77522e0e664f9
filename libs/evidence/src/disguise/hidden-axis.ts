import type { BlockRecord, TensorBackend } from '@jokbo/contracts';
import {
  centreFeatures,
  combineGroups,
  type CombinedGroups,
  type Factor,
  type JointTrace,
} from '@jokbo/statistics';
import { createJointTrace } from '../joint-trace.js';
import type { BlockPair } from './feed-forward-blocks.js';

/** Matched hidden units of one block, with the tensors that are tested over them. */
export interface MatchedBlock {
  readonly pair: BlockPair;
  /** Features × matched units on either side, features and units in one order. */
  readonly factors: readonly { readonly own: Factor; readonly other: Factor }[];
}

/** Result of a hidden-axis test over blocks. */
export interface HiddenAxisTest {
  readonly combined: CombinedGroups;
  readonly blocks: readonly BlockRecord[];
  readonly units: number;
  readonly tensors: number;
  readonly features: number;
  readonly ceiling: number;
  readonly parameters: number;
}

/** The product over a block's units, which its moments were made of. */
const NOT_KEPT = new Float64Array(0);

/** What is kept of a block's test. */
interface TestedBlock extends JointTrace {
  readonly norm: number;
  readonly units: number;
}

/**
 * Trace over matched hidden units: joint over the tensors of a block, blocks combined as in Stouffer (1949), since
 * hidden units of different blocks are permuted apart (Zhu et al. 2025, Theorem 3).
 *
 * @returns null where no block has variance.
 */
export async function hiddenAxisTest(
  blocks: readonly MatchedBlock[],
  backend: TensorBackend,
): Promise<HiddenAxisTest | null> {
  const groups: TestedBlock[] = [];
  const records: BlockRecord[] = [];
  for (const { pair, factors } of blocks) {
    const units = factors[0]?.own.units ?? 0;
    if (units < 2) continue;
    const builder = createJointTrace(units, backend);
    for (const { own, other } of factors) await builder.add(centreFeatures(own), centreFeatures(other));
    const joint = await builder.finish();
    if (joint === null) continue;
    groups.push({ ...joint, cc: NOT_KEPT, norm: joint.norms, units });
    records.push({
      key: pair.own.key,
      reference_key: pair.other.key,
      z: joint.z,
      r: joint.r,
      parameters: pair.own.parameters,
      identical: false,
    });
  }
  const combined = combineGroups(groups);
  if (combined === null) return null;
  const total = (value: (group: TestedBlock) => number): number =>
    groups.reduce((sum, group) => sum + value(group), 0);
  return {
    combined,
    blocks: records,
    units: total(({ units }) => units),
    tensors: total(({ tensors }) => tensors),
    features: total(({ features }) => features),
    ceiling: total(({ ceiling }) => ceiling) / Math.sqrt(groups.length),
    parameters: records.reduce((sum, block) => sum + block.parameters, 0),
  };
}
