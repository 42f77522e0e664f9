import { createHash } from 'node:crypto';
import type { BlockRecord, SkippedTensor } from '@jokbo/contracts';
import {
  pairedPermutationTail,
  pairedScrambles,
  type CentredFactor,
  type JointTraceTest,
  type PermutationDraw,
  type PermutationTail,
} from '@jokbo/statistics';
import type { Comparison } from './comparison.js';
import {
  AS_IT_IS,
  type FactorOrigin,
  type FactorTransform,
  type TransformedFactor,
} from './factor-transform.js';
import { crossTrace, type CrossTrace, type SideTransform, type TraceCut } from './cross-trace.js';
import { gramTraceProducts, gramTraces, type Pairing, type PairingTrace } from './gram-traces.js';
import type { TensorTest } from './joint-trace.js';
import {
  centredSide,
  evenFeaturesOf,
  isSkipped,
  loadPairedFactor,
  type PairedFactor,
} from './paired-factor.js';
import type { PairedTensors, TensorPair } from './paired-tensors.js';
import { storedFeatureGram, type SideTensor } from './stacked-side.js';

/** What the joint trace test over given pairs found. */
export interface PairsTrace {
  /** Null where no tensor has variance. */
  readonly joint: JointTraceTest | null;
  readonly units: number;
  readonly blocks: readonly BlockRecord[];
  readonly skipped: readonly SkippedTensor[];
  readonly parameters: number;
  /** z of seeded self-scrambles. */
  scrambles(draw: PermutationDraw): Promise<Float64Array>;
  /** Tail of the trace among seeded permutations of the units. */
  tail(draw: PermutationDraw): Promise<PermutationTail>;
}

type Sides = Pick<Comparison, 'subject' | 'reference' | 'backend' | 'signal' | 'memo'>;

/** The joint trace over given pairs; tensors of another residual width than the first are skipped. */
export async function traceOfPairs(
  pairs: readonly TensorPair[],
  comparison: Sides,
  transform: FactorTransform = AS_IT_IS,
): Promise<PairsTrace> {
  const [trace] = await tracesOfPairings([{ pairs, skipped: [] }], comparison, transform);
  return trace ?? noTrace([]);
}

/**
 * Joint traces under several pairings of the same tensors, as layer maps give them: from the feature Grams of either
 * side, which serve all of them, where that takes fewer multiplications than one units × units product for each.
 *
 * @param cuts of each pairing, where comparisons over all elements are cut into groups of tensors.
 */
export async function tracesOfPairings(
  pairings: readonly PairedTensors[],
  comparison: Sides,
  transform: FactorTransform = AS_IT_IS,
  cuts?: readonly TraceCut[],
): Promise<PairsTrace[]> {
  const { subject, reference } = comparison;
  if (subject.mode === 'sampled' && reference.mode === 'sampled') {
    const loaded: LoadedPairing[] = [];
    for (const pairing of pairings) loaded.push(await loadPairing(pairing, comparison));
    const { sides, positions } = stackedSides(loaded, comparison, transform);
    const crosses = loaded.reduce((sum, { factors }) => sum + crossProducts(factors), 0);
    if (gramTraceProducts(sides) < crosses && haveOneWidth(loaded)) {
      const traces = await gramTraces(sides, positions, comparison.backend);
      return traces.map((trace, map) => fromGrams(trace, loaded[map], comparison, transform));
    }
  }
  const traces: PairsTrace[] = [];
  for (const [map, pairing] of pairings.entries()) {
    traces.push(
      fromCross(await crossTrace(pairing, comparison, sideTransform(comparison, transform), cuts?.[map])),
    );
  }
  return traces;
}

/** Factors of a pairing, all over the units of the first. */
interface LoadedPairing {
  readonly factors: readonly PairedFactor[];
  readonly skipped: readonly SkippedTensor[];
}

async function loadPairing({ pairs, skipped }: PairedTensors, comparison: Sides): Promise<LoadedPairing> {
  const { subject, reference } = comparison;
  const atMost = evenFeaturesOf(subject, reference);
  const factors: PairedFactor[] = [];
  const left = [...skipped];
  for (const pair of pairs) {
    comparison.signal?.throwIfAborted();
    const factor = await loadPairedFactor(pair, subject, reference, atMost);
    if (isSkipped(factor)) left.push(factor);
    else if (factor.units === (factors[0] ?? factor).units) factors.push(factor);
    else left.push({ key: pair.subject.key, reason: 'another-residual-stream' });
  }
  return { factors, skipped: left };
}

function haveOneWidth(loaded: readonly LoadedPairing[]): boolean {
  return new Set(loaded.flatMap(({ factors }) => factors.map(({ units }) => units))).size === 1;
}

/** Multiplications of the units × units product over all features of a pairing. */
function crossProducts(factors: readonly PairedFactor[]): number {
  return factors.reduce((sum, { features, units }) => sum + features * units ** 2, 0);
}

/** The tensors of either side, each once, and where a pairing finds its own. */
function stackedSides(loaded: readonly LoadedPairing[], comparison: Sides, transform: FactorTransform) {
  const lists: { a: SideTensor[]; b: SideTensor[] } = { a: [], b: [] };
  const known = new Map<string, number>();
  const position = (factor: PairedFactor, side: 'a' | 'b'): number => {
    const [{ key: tensor }, rows, model] =
      side === 'a'
        ? [factor.pair.subject, factor.rowsA, comparison.subject]
        : [factor.pair.reference, factor.rowsB, comparison.reference];
    // What a tensor has in common with its counterpart may differ from one counterpart to the next.
    const key = `${side}|${tensor}|${rows?.join() ?? ''}`;
    const found = known.get(key) ?? lists[side].length;
    if (!known.has(key)) {
      known.set(key, found);
      const own = (): Promise<CentredFactor> => centredSide(factor, side, model);
      const centred =
        transform === AS_IT_IS
          ? own
          : once(async () => transformed(await own(), factor, side, comparison, transform));
      const origin = (): FactorOrigin => originOf(factor, side, comparison);
      lists[side].push({ view: factor[side], features: factor.features, centred, origin });
    }
    return found;
  };
  const positions = loaded.map(({ factors }): Pairing =>
    factors.map((factor) => [position(factor, 'a'), position(factor, 'b')]),
  );
  const units = loaded.find(({ factors }) => factors.length > 0)?.factors[0]?.units ?? 0;
  return { sides: { ...lists, units, asStored: transform === AS_IT_IS }, positions };
}

/** A side of a pair after the transform; what stays as it is needs no name, which costs a digest of its rows. */
function transformed(
  centred: CentredFactor,
  factor: PairedFactor,
  side: 'a' | 'b',
  comparison: Sides,
  transform: FactorTransform,
): TransformedFactor | Promise<TransformedFactor> {
  return transform === AS_IT_IS ? centred : transform(centred, originOf(factor, side, comparison));
}

function sideTransform(comparison: Sides, transform: FactorTransform): SideTransform {
  return (centred, factor, side) => transformed(centred, factor, side, comparison, transform);
}

/** A factor of some rows of a tensor is named by the tensor and the digest of their positions. */
function originOf(factor: PairedFactor, side: 'a' | 'b', comparison: Sides): FactorOrigin {
  const { subject, reference, backend, memo } = comparison;
  const [model, { key }, rows] =
    side === 'a'
      ? [subject, factor.pair.subject, factor.rowsA]
      : [reference, factor.pair.reference, factor.rowsB];
  const digest = rows === null ? 'all' : createHash('sha256').update(rows.join()).digest('hex');
  const name = `${key}|${digest}`;
  const gram = (): Promise<Float64Array | null> => storedFeatureGram(factor[side], backend);
  return {
    model,
    name,
    featureGram: () => memo?.get(`feature-gram|${side}|${name}`, 8 * factor.features ** 2, gram) ?? gram(),
  };
}

/** A transform costs more than what it gives takes memory. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}

function fromGrams(
  trace: PairingTrace,
  loaded: LoadedPairing | undefined,
  comparison: Sides,
  transform: FactorTransform,
): PairsTrace {
  const { factors, skipped } = loaded ?? { factors: [], skipped: [] };
  const pairs = factors.map(({ pair }) => pair);
  const units = factors[0]?.units ?? 0;
  return {
    ...blocksOf(pairs, trace.tests, skipped),
    joint: trace.joint,
    units,
    scrambles: (draw) => trace.scrambles(draw),
    async tail(draw) {
      const side = sideTransform(comparison, transform);
      const { joint } = await crossTrace({ pairs, skipped: [] }, comparison, side);
      return pairedPermutationTail(joint?.cc ?? new Float64Array(), units, draw);
    },
  };
}

/** A record's blocks from the tests of its pairs; what has no variance is skipped. */
function blocksOf(
  pairs: readonly TensorPair[],
  tests: readonly (TensorTest | null)[],
  unpaired: readonly SkippedTensor[],
): Pick<PairsTrace, 'blocks' | 'skipped' | 'parameters'> {
  const skipped = [...unpaired];
  const blocks: BlockRecord[] = [];
  for (const [index, { subject, reference }] of pairs.entries()) {
    const test = tests[index] ?? null;
    if (test === null) {
      skipped.push({ key: subject.key, reason: 'zero-variance' });
      continue;
    }
    const { key, parameters, digest } = subject;
    const identical = digest === reference.digest;
    blocks.push({ key, reference_key: reference.key, z: test.z, r: test.r, parameters, identical });
  }
  return { blocks, skipped, parameters: blocks.reduce((sum, block) => sum + block.parameters, 0) };
}

function fromCross({ joint, units, tested, skipped }: CrossTrace): PairsTrace {
  const cc = joint?.cc ?? new Float64Array();
  return {
    ...blocksOf(
      tested.map(({ pair }) => pair),
      tested.map(({ test }) => test),
      skipped,
    ),
    joint,
    units,
    scrambles: (draw) => Promise.resolve().then(() => pairedScrambles(cc, units, draw)),
    tail: (draw) => Promise.resolve().then(() => pairedPermutationTail(cc, units, draw)),
  };
}

function noTrace(skipped: readonly SkippedTensor[]): PairsTrace {
  return fromCross({ joint: null, units: 0, tested: [], skipped });
}
