import type { BlockRecord, EvidenceRecord } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import { bestOfPrimaries, log10PTwoSided, stouffer } from '@jokbo/statistics';
import { ownBlocks, type OwnBlock } from './block-factors.js';
import { spread } from './disguise/spread.js';
import { evidenceRecord, type RecordIdentity } from './evidence-record.js';
import { groupsOf, SAME_Z, selfPairs, type SelfPair } from './self-pairs.js';

/** Experts that stand for a layer where layers are held against each other, evenly spread. */
const SLOTS = 8;

/** Pairs that a record lists. */
const LISTED_PAIRS = 256;

/** What one pair of experts or layers says over all blocks that it has. */
interface JointPair {
  readonly first: number;
  readonly second: number;
  readonly z: number;
  readonly r: number;
  readonly parts: readonly SelfPair[];
}

/**
 * Self-tests of one model without a reference (tier 2): experts that were copied from each other, and layers that were.
 *
 * @returns a record for each test that applies: `upcycled_experts` of a model with routed experts, `duplicated_layers`
 *   of one with more than one feed-forward layer.
 */
export async function selfTests(model: ModelData, signal?: AbortSignal): Promise<EvidenceRecord[]> {
  const blocks = ownBlocks(model);
  const records = [
    await upcycledExperts(model, blocks, signal),
    await duplicatedLayers(model, blocks, signal),
  ];
  return records.filter((record) => record !== null);
}

/**
 * Up-cycled experts (Komatsuzaki et al. 2023): hidden-axis trace between the experts i ≠ j of a layer, and over all layers
 * together (Stouffer 1949, distinct groups). Experts that start alike stay alike; own starts do not meet.
 */
async function upcycledExperts(
  model: ModelData,
  blocks: readonly OwnBlock[],
  signal: AbortSignal | undefined,
): Promise<EvidenceRecord | null> {
  const experts = blocks.filter(({ expert }) => expert !== null);
  const layers = new Set(experts.map(({ layer, slot }) => `${layer}|${widthOf(slot)}`));
  if (experts.length === 0) return null;
  const pairs: SelfPair[] = [];
  for (const layer of layers) {
    signal?.throwIfAborted();
    pairs.push(
      ...(await selfPairs(
        model,
        experts.filter((block) => `${block.layer}|${widthOf(block.slot)}` === layer),
      )),
    );
  }
  const joint = joinPairs(pairs, ({ expert }) => expert ?? 0);
  const groups = groupsOf(
    joint.filter(({ z }) => Math.abs(z) >= SAME_Z).map(({ first, second }) => [first, second]),
  );
  const members = [...new Set(experts.map(({ expert }) => expert ?? 0))].sort((a, b) => a - b);
  return selfRecord(model, 'upcycled_experts', 'experts', joint, {
    experts: members.length,
    groups: groups.map((group) => group.join('=')).join(' '),
    map: groups.length === 0 ? null : upcycledName(groups, members),
  });
}

function widthOf(slot: string): string {
  return slot.split('|').at(-1) ?? '';
}

/** `expert j from j mod k` where the groups are the residues of one modulus, else the groups themselves. */
function upcycledName(groups: readonly (readonly number[])[], members: readonly number[]): string {
  const modulus = groups.length;
  const isModular =
    groups.flat().length === members.length &&
    groups.every((group) => group.every((at) => at % modulus === group[0]));
  return isModular ? `expert j from j mod ${modulus}` : groups.map((group) => group.join('=')).join(' ');
}

/**
 * Duplicated layers (depth up-scaling; Kim et al. 2024): hidden-axis trace between the feed-forward blocks of one kind in
 * two layers; routed experts by number, over all of them together (Stouffer 1949, distinct groups).
 */
async function duplicatedLayers(
  model: ModelData,
  blocks: readonly OwnBlock[],
  signal: AbortSignal | undefined,
): Promise<EvidenceRecord | null> {
  const layers = [...new Set(blocks.map(({ layer }) => layer))].sort((a, b) => a - b);
  if (layers.length < 2) return null;
  const slots = [...new Set(blocks.map(({ slot }) => slot))];
  const dense = slots.filter((slot) => slot.includes('|-|'));
  const routed = slots.filter((slot) => !slot.includes('|-|'));
  const pairs: SelfPair[] = [];
  for (const slot of [...dense, ...spread(routed, SLOTS)]) {
    signal?.throwIfAborted();
    pairs.push(
      ...(await selfPairs(
        model,
        blocks.filter((block) => block.slot === slot),
      )),
    );
  }
  const joint = joinPairs(pairs, ({ layer }) => layer);
  const groups = groupsOf(
    joint.filter(({ z }) => Math.abs(z) >= SAME_Z).map(({ first, second }) => [first, second]),
  );
  return selfRecord(model, 'duplicated_layers', dense.length > 0 ? 'mlp' : 'experts', joint, {
    layers: layers.length,
    groups: groups.map((group) => group.join('=')).join(' '),
    map: groups.length === 0 ? null : layerSources(layers, groups).join(','),
  });
}

/** For each layer the number of its source, counted in the order of first appearance. */
function layerSources(layers: readonly number[], groups: readonly (readonly number[])[]): number[] {
  const sources: number[] = [];
  return layers.map((layer) => {
    const source = groups.find((group) => group.includes(layer))?.[0] ?? layer;
    const known = sources.indexOf(source);
    return known >= 0 ? known : sources.push(source) - 1;
  });
}

/** Pairs of blocks joined over everything that distinguishes them but the two numbers. */
function joinPairs(pairs: readonly SelfPair[], number: (block: OwnBlock) => number): JointPair[] {
  const byNumbers = new Map<string, SelfPair[]>();
  for (const pair of pairs) {
    const key = `${number(pair.first)}|${number(pair.second)}`;
    byNumbers.set(key, [...(byNumbers.get(key) ?? []), pair]);
  }
  return [...byNumbers].map(([key, parts]) => {
    const [first = 0, second = 0] = key.split('|').map(Number);
    const r = parts.reduce((sum, part) => sum + part.r, 0) / parts.length;
    return { first, second, z: stouffer(parts.map(({ z }) => z)) ?? 0, r, parts };
  });
}

function selfRecord(
  model: ModelData,
  method: 'upcycled_experts' | 'duplicated_layers',
  component: 'experts' | 'mlp',
  joint: readonly JointPair[],
  details: EvidenceRecord['details'],
): EvidenceRecord {
  const identity: RecordIdentity = {
    ...{ method, component, tier: 2, primary: false, subject: model, reference: model },
    nullHypothesis: 'hidden units of the second block of each pair',
  };
  const parts = joint.flatMap((pair) => pair.parts);
  const tests = joint.length + parts.length;
  if (tests === 0) return evidenceRecord(identity, { status: 'not_applicable', reason: 'no-pairs' });
  const strongest = [...joint].sort((a, b) => Math.abs(b.z) - Math.abs(a.z))[0];
  const found = [...parts]
    .filter(({ z }) => Math.abs(z) >= SAME_Z)
    .sort((a, b) => Math.abs(b.z) - Math.abs(a.z));
  return evidenceRecord(identity, {
    z: strongest?.z ?? null,
    r: strongest?.r ?? null,
    log10_p: bestOfPrimaries([...joint, ...parts].map(({ z }) => log10PTwoSided(z))),
    tensors: new Set(parts.flatMap(({ first, second }) => [first.key, second.key])).size,
    parameters: [
      ...new Map(
        parts.flatMap(({ first, second }) => [first, second]).map((b) => [b.key, b.parameters]),
      ).values(),
    ].reduce((sum, n) => sum + n, 0),
    blocks: found.slice(0, LISTED_PAIRS).map(blockOf),
    details: {
      ...details,
      pairs: joint.length,
      pairs_z8: joint.filter(({ z }) => Math.abs(z) >= SAME_Z).length,
      block_pairs: parts.length,
      block_pairs_z8: found.length,
      block_z_max_abs: parts.reduce((largest, { z }) => Math.max(largest, Math.abs(z)), 0),
    },
  });
}

function blockOf({ first, second, z, r }: SelfPair): BlockRecord {
  return {
    key: second.key,
    reference_key: first.key,
    z,
    r,
    parameters: second.parameters,
    identical: [...second.tensors].every(
      ([role, tensor]) => first.tensors.get(role)?.digest === tensor.digest,
    ),
  };
}
