import { createHash } from 'node:crypto';
import type { BlockRecord, EvidenceRecord, SkippedTensor } from '@jokbo/contracts';
import { sampleIndices, type FactorData } from '@jokbo/fingerprint';
import { decodeF64 } from '@jokbo/safetensors';
import {
  centreFeatures,
  combineGroups,
  pairedScrambles,
  smallestDetectableR,
  type CentredFactor,
  type CombinedGroups,
  type JointTrace,
} from '@jokbo/statistics';
import { bestOfMaps } from './best-of-maps.js';
import { mapsFor, SCRAMBLES, type Comparison } from './comparison.js';
import { evidenceRecord, permutationSeed, type RecordIdentity } from './evidence-record.js';
import { hiddenPairs, hiddenWidth, type HiddenGroup, type HiddenPair } from './hidden-pairs.js';
import { createJointTrace } from './joint-trace.js';
import { eachInGroups } from './in-groups.js';
import type { ContiguousMap } from './layer-map.js';
import { notMeasured } from './not-measured.js';
import { hiddenUnitsDecide } from './ordered-streams.js';
import { joinByName } from './paired-factor.js';

/** Hidden units and residual dimensions that one tensor gives at most: far more than a block needs. */
const MAX_UNITS = 512;
const MAX_FEATURES = 512;

/** Residual dimensions where nothing but the hidden units decides: all of any tower, at the price of power otherwise. */
const MAX_DECIDING_FEATURES = 8192;

/** Fewest hidden units with a variance worth having. */
const MIN_UNITS = 4;

/**
 * Hidden-axis trace test: units are the hidden units of a block, features its residual dimensions; joint over gate, up
 * and down of a block under one permutation (Hoeffding 1951), blocks combined as in Stouffer (1949). Where experts are
 * held against a dense MLP, all experts of a layer are joint under one permutation of the dense block's units: that is
 * exact whatever the experts have in common. Blind to nothing that keeps the order of units and dimensions.
 */
export async function hiddenTraceEvidence(comparison: Comparison): Promise<EvidenceRecord> {
  const identity = identityOf(comparison);
  const results = [];
  let skipped: readonly SkippedTensor[] | undefined;
  for (const map of mapsFor(comparison)) {
    const groups = hiddenPairs(comparison, map);
    const tested = await testHiddenGroups(groups, comparison, identity, nameOf(map));
    if (tested.combined === null) skipped ??= tested.skipped;
    else
      results.push({ map: map.name, z: tested.combined.z, result: { ...tested, combined: tested.combined } });
  }
  const best = bestOfMaps(results);
  if (best === null) return notMeasured(identity, comparison, 'hidden-width-differs', skipped);
  const { combined, groups, blocks, parameters } = best.result;
  const total = (value: (joint: JointTrace) => number): number =>
    groups.reduce((sum, { joint }) => sum + value(joint), 0);
  return evidenceRecord(identity, {
    z: best.z,
    log10_p: best.log10P,
    r: combined.r,
    r_interval: combined.rInterval,
    r_min: smallestDetectableR(combined.nEff),
    n_eff: combined.nEff,
    units: groups.reduce((sum, { units }) => sum + units, 0),
    ceiling: total(({ ceiling }) => ceiling) / Math.sqrt(groups.length),
    tensors: total(({ tensors }) => tensors),
    features: total(({ features }) => features),
    parameters,
    layer_map: best.map,
    maps_tried: best.mapsTried,
    blocks,
    skipped: best.result.skipped,
    scrambles: Array.from(
      { length: SCRAMBLES },
      (_, index) =>
        groups.reduce((sum, { scrambles }) => sum + (scrambles[index] ?? NaN), 0) / Math.sqrt(groups.length),
    ),
    details: { groups: groups.length, map_z: best.rawZ },
  });
}

/** Tests and keeps the blocks of the group of tensors that `comparison` looks at. */
export async function keepHiddenTraceGroup(comparison: Comparison): Promise<void> {
  for (const map of mapsFor(comparison)) {
    await testHiddenGroups(hiddenPairs(comparison, map), comparison, identityOf(comparison), nameOf(map));
  }
}

function nameOf({ name }: ContiguousMap): string[] {
  return ['hidden_trace', name];
}

function identityOf(comparison: Comparison): RecordIdentity {
  const isRow = comparison.against !== undefined;
  return {
    ...comparison,
    method: 'hidden_trace',
    tier: 1,
    primary: isRow || hiddenUnitsDecide(comparison),
    nullHypothesis: isRow ? 'hidden units of every dense block' : 'hidden units of every block',
  };
}

export interface TestedGroup {
  readonly joint: JointTrace;
  readonly units: number;
  readonly scrambles: Float64Array;
}

export interface TestedHidden {
  readonly combined: CombinedGroups | null;
  readonly groups: readonly TestedGroup[];
  readonly blocks: readonly BlockRecord[];
  readonly skipped: readonly SkippedTensor[];
  readonly parameters: number;
}

/**
 * Joint trace of every group over its own hidden units, and all groups combined.
 *
 * @param name of what is measured, where results over all elements are kept by groups of tensors.
 */
export async function testHiddenGroups(
  groups: readonly HiddenGroup[],
  comparison: Comparison,
  identity: RecordIdentity,
  name?: readonly string[],
): Promise<TestedHidden> {
  const tested: TestedGroup[] = [];
  const blocks: BlockRecord[] = [];
  const skipped: SkippedTensor[] = [];
  const counted = new Map<string, number>();
  const seed = permutationSeed('scramble', identity);
  const measure = async (group: HiddenGroup): Promise<MeasuredGroup> => {
    comparison.signal?.throwIfAborted();
    const { joint, units, ...found } = await testGroup(group, comparison);
    if (joint === null) return { ...found, tested: null };
    const own = createHash('sha256').update(`${seed}|${group.key}`).digest('hex');
    const scrambles = pairedScrambles(joint.cc, units, { seed: own, permutations: SCRAMBLES });
    return { ...found, tested: { joint: { ...joint, cc: new Float64Array(0) }, units, scrambles } };
  };
  const cut = name === undefined ? { ...comparison, groupParameters: Infinity } : comparison;
  const keyOf = ({ pairs: [first] }: HiddenGroup): string => first?.subject.key ?? '';
  for (const { result: found } of await eachInGroups(cut, name ?? [], groups, keyOf, measure)) {
    skipped.push(...found.skipped);
    if (found.tested === null) continue;
    tested.push(found.tested);
    blocks.push(...found.blocks);
    for (const { key, parameters } of found.blocks) counted.set(key, parameters);
  }
  return {
    combined: combineGroups(tested.map(({ joint }) => ({ ...joint, norm: joint.norms }))),
    groups: tested,
    blocks,
    skipped,
    parameters: [...counted.values()].reduce((sum, parameters) => sum + parameters, 0),
  };
}

interface MeasuredGroup extends Pick<FoundGroup, 'blocks' | 'skipped'> {
  readonly tested: TestedGroup | null;
}

interface FoundGroup {
  readonly joint: JointTrace | null;
  readonly units: number;
  readonly blocks: readonly BlockRecord[];
  readonly skipped: readonly SkippedTensor[];
}

async function testGroup(group: HiddenGroup, comparison: Comparison): Promise<FoundGroup> {
  const blocks: BlockRecord[] = [];
  const skipped: SkippedTensor[] = [];
  let builder: ReturnType<typeof createJointTrace> | null = null;
  let names: readonly string[] | null = null;
  const most = hiddenUnitsDecide(comparison) ? MAX_DECIDING_FEATURES : MAX_FEATURES;
  // The dense side of a group serves all of its experts.
  const dense = new Map<string, CentredFactor>();
  const once = (key: string, make: () => CentredFactor): CentredFactor => {
    const made = dense.get(key) ?? make();
    dense.set(key, made);
    return made;
  };
  for (const pair of group.pairs) {
    const key = pair.subject.key;
    const found = await commonUnits(pair, comparison);
    if (typeof found === 'string') {
      skipped.push({ key, reason: found });
      continue;
    }
    // One permutation acts on all tensors of a group, so they must name the same units.
    names ??= found.names;
    if (names.join() !== found.names.join()) {
      skipped.push({ key, reason: 'another-sample' });
      continue;
    }
    builder ??= createJointTrace(names.length, comparison.backend);
    const a = (): CentredFactor => hiddenFactor(found.own, found.rows.a, most);
    const b = (): CentredFactor => hiddenFactor(found.other, found.rows.b, most);
    const test = await builder.add(
      comparison.against === 'experts' ? once(key, a) : a(),
      comparison.against === 'mlp' ? once(pair.reference.key, b) : b(),
    );
    if (test === null) {
      skipped.push({ key, reason: 'zero-variance' });
      continue;
    }
    const { parameters, digest } = pair.subject;
    const identical = digest === pair.reference.digest;
    blocks.push({ key, reference_key: pair.reference.key, z: test.z, r: test.r, parameters, identical });
  }
  return { joint: (await builder?.finish()) ?? null, units: names?.length ?? 0, blocks, skipped };
}

interface CommonUnits {
  readonly own: FactorData;
  readonly other: FactorData;
  readonly rows: { readonly a: readonly number[]; readonly b: readonly number[] };
  readonly names: readonly string[];
}

/** Hidden units that both sides keep, the first of them in their own order; a reason where there are too few. */
async function commonUnits(pair: HiddenPair, comparison: Comparison): Promise<CommonUnits | string> {
  const { subject, reference } = comparison;
  if (hiddenWidth(pair.subject) !== hiddenWidth(pair.reference)) return 'hidden-width-differs';
  const [own, other] = [await subject.factor(pair.subject.key), await reference.factor(pair.reference.key)];
  if (own === null || other === null) return 'not-sampled';
  if (own.units !== other.units) return 'residual-width-differs';
  const ownNames = namesOf(own);
  const joined = joinByName(ownNames, namesOf(other));
  const rows = { a: joined.a.slice(0, MAX_UNITS), b: joined.b.slice(0, MAX_UNITS) };
  if (rows.a.length < MIN_UNITS) return 'no-common-features';
  return { own, other, rows, names: rows.a.map((row) => ownNames[row] ?? '') };
}

function namesOf({ indices, features }: FactorData): string[] {
  return indices === null
    ? Array.from({ length: features }, (_, index) => String(index))
    : indices.map(String);
}

/** A factor with hidden units as units and a seeded choice of residual dimensions as features, centred. */
function hiddenFactor(factor: FactorData, rows: readonly number[], most: number): CentredFactor {
  const { units: width } = factor;
  const seed = { family: 'residual', axis: 'hidden-trace', shape: [width] };
  const columns = sampleIndices(seed, width, most);
  const values = decodeF64(factor.view);
  const transposed = new Float64Array(columns.length * rows.length);
  columns.forEach((column, feature) => {
    rows.forEach((row, unit) => {
      transposed[feature * rows.length + unit] = values[row * width + column] ?? NaN;
    });
  });
  return centreFeatures({ values: transposed, features: columns.length, units: rows.length });
}
