import { checkCount, checkFinite, checkLength, type Values } from './factor.js';
import { offDiagonalMean } from './mantel.js';
import { packedGram, packedSum, unpackGram, wholeGram, type PackedGrams } from './packed-grams.js';
import { drawnPermutations, type PermutationDraw } from './paired-permutations.js';
import { permutationTail, TIE_SHARE, type PermutationTail } from './permutation-tail.js';
import { createRandom, identityPermutation, shuffle } from './random.js';

/** Permutations that pass over the matrices together, each with a sum of its own. */
const LANES = 4;

/** One layer's symmetric Grams, n × n on either side, and its weight in the joint statistic. */
export interface WeightedGrams {
  readonly a: Values;
  readonly b: Values;
  readonly weight: number;
}

/**
 * z of seeded self-scrambles of the joint Gram statistic: rows and columns of all of B's Grams permuted together.
 *
 * @param variance of the joint statistic with these weights.
 * @throws RangeError when a matrix has another shape or the variance is not positive.
 */
export function gramScrambles(
  layers: readonly WeightedGrams[],
  units: number,
  variance: number,
  draw: PermutationDraw,
): Float64Array {
  if (!(checkFinite('variance', variance) > 0)) throw new RangeError('the joint statistic has no variance');
  const deviation = Math.sqrt(variance);
  return permutedStatistics(layers, units, draw).permuted.map((excess) => excess / deviation);
}

/**
 * Tail of the joint Gram statistic among seeded permutations: p by |T − E T|, and its two-sided normal quantile,
 * which replaces a z between 4 and 8 because Gram statistics have heavier tails than the normal.
 * Costs permutations·layers·n²/2 gathers: 1e5 permutations of 6 layers at n 128 take seconds; width 4096 is out of
 * reach.
 *
 * @param draw 1e5 permutations or more where the tail decides.
 */
export function gramPermutationTail(
  layers: readonly WeightedGrams[],
  units: number,
  draw: PermutationDraw,
): PermutationTail {
  const { observed, permuted } = permutedStatistics(layers, units, draw);
  const bound = Math.abs(observed) * (1 - TIE_SHARE);
  let exceed = 0;
  for (const excess of permuted) if (Math.abs(excess) >= bound) exceed += 1;
  return permutationTail(exceed, draw.permutations, observed);
}

/** A packed Gram of either side, and the pair's weight in the joint statistic. */
export interface WeightedSlots {
  readonly a: number;
  readonly b: number;
  readonly weight: number;
}

/** As {@link gramScrambles}, of packed Grams: layer by layer, so that one at a time is whole. */
export function packedGramScrambles(
  { a, b }: { readonly a: PackedGrams; readonly b: PackedGrams },
  layers: readonly WeightedSlots[],
  variance: number,
  draw: PermutationDraw,
): Float64Array {
  if (!(checkFinite('variance', variance) > 0)) throw new RangeError('the joint statistic has no variance');
  const { units } = a;
  const permutations = drawnPermutations(units, draw);
  const whole = wholeGram(b.values, units);
  const lanes = createLanes(units, whole);
  const sums = new Float64Array(LANES);
  const permuted = new Float64Array(draw.permutations);
  for (const layer of layers) {
    const half = packedGram(a, layer.a);
    unpackGram(b, layer.b, whole);
    const mean = packedSum(a, layer.a) / (units * (units - 1));
    const constant = mean * packedSum(b, layer.b);
    for (let first = 0; first < permuted.length; first += LANES) {
      const members = permutations.slice(first, first + LANES);
      members.forEach((permutation, lane) => lanes[lane]?.image.set(permutation));
      addLayers([half], [{ b: whole }], units, lanes, sums);
      members.forEach((_, lane) => {
        const excess = 2 * (sums[lane] ?? NaN) - constant;
        permuted[first + lane] = (permuted[first + lane] ?? NaN) + layer.weight * excess;
      });
    }
  }
  return permuted.map((excess) => excess / Math.sqrt(variance));
}

function permutedStatistics(
  layers: readonly WeightedGrams[],
  units: number,
  draw: PermutationDraw,
): { observed: number; permuted: Float64Array } {
  checkCount('units', units, 4);
  checkCount('permutations', draw.permutations, 1);
  checkCount('layers', layers.length, 1);
  const halves = layers.map(({ a, weight }) => lowerTriangle(a, units, checkFinite('weight', weight)));
  for (const { b } of layers) {
    checkLength('gram of B', b, units * units);
    checkFinite('gram of B', offDiagonalMean(b, units));
  }
  const random = createRandom(draw.seed);
  const permutation = identityPermutation(units);
  const lanes = createLanes(units, layers[0]?.b ?? new Float64Array());
  const sums = new Float64Array(LANES);
  addLayers(halves, layers, units, lanes, sums);
  const observed = sums[0] ?? NaN;
  const permuted = new Float64Array(draw.permutations);
  for (let first = 0; first < permuted.length; first += LANES) {
    const size = Math.min(LANES, permuted.length - first);
    for (const { image } of lanes.slice(0, size)) {
      shuffle(permutation, random);
      image.set(permutation);
    }
    addLayers(halves, layers, units, lanes, sums);
    permuted.set(sums.subarray(0, size), first);
  }
  return { observed, permuted };
}

/** 2·weight·(a_ij − mean) for j < i, row by row: with one side centred, T is T − E T. */
function lowerTriangle(gram: Values, n: number, weight: number): Float64Array {
  const mean = offDiagonalMean(gram, n);
  const half = new Float64Array((n * (n - 1)) / 2);
  let at = 0;
  for (let i = 1; i < n; i += 1) {
    for (let j = 0; j < i; j += 1) {
      half[at] = 2 * weight * ((gram[i * n + j] ?? NaN) - mean);
      at += 1;
    }
  }
  return half;
}

/** One permutation at work: its images, and room for the row of B that is gathered from. */
interface Lane {
  readonly image: Int32Array;
  readonly row: Values;
}

type Lanes = readonly [Lane, Lane, Lane, Lane];

/** @param like of the type of the rows that are gathered from. */
function createLanes(n: number, like: Values): Lanes {
  const lane = (): Lane => ({
    image: Int32Array.from(identityPermutation(n)),
    row: like instanceof Float64Array ? new Float64Array(n) : new Float32Array(n),
  });
  return [lane(), lane(), lane(), lane()];
}

/** Fills `sums` with Σ_t Σ_{j<i} half_t[i, j] · B_t[π(i)][π(j)] for the image π of each lane. */
function addLayers(
  halves: readonly Values[],
  layers: readonly Pick<WeightedGrams, 'b'>[],
  n: number,
  lanes: Lanes,
  sums: Float64Array,
): void {
  sums.fill(0);
  const ofLayer = new Float64Array(LANES);
  layers.forEach(({ b }, layer) => {
    const half = halves[layer] ?? new Float64Array();
    ofLayer.fill(0);
    for (let i = 1, at = 0; i < n; at += i, i += 1) {
      // Copied in order, four rows stay in the nearest cache while their columns are gathered: half of the time.
      for (const { image, row } of lanes) {
        const start = (image[i] ?? 0) * n;
        row.set(b.subarray(start, start + n));
      }
      addRow(half, at, i, lanes, ofLayer);
    }
    for (let lane = 0; lane < LANES; lane += 1) sums[lane] = (sums[lane] ?? NaN) + (ofLayer[lane] ?? NaN);
  });
}

/** Adds Σ_{j<length} half[start + j] · row[π(j)] of every lane to its sum. */
function addRow(
  half: Values,
  start: number,
  length: number,
  [{ image: p0, row: b0 }, { image: p1, row: b1 }, { image: p2, row: b2 }, { image: p3, row: b3 }]: Lanes,
  sums: Float64Array,
): void {
  let s0 = sums[0] ?? NaN;
  let s1 = sums[1] ?? NaN;
  let s2 = sums[2] ?? NaN;
  let s3 = sums[3] ?? NaN;
  for (let j = 0; j < length; j += 1) {
    const value = half[start + j] ?? NaN;
    s0 += value * (b0[p0[j] ?? 0] ?? NaN);
    s1 += value * (b1[p1[j] ?? 0] ?? NaN);
    s2 += value * (b2[p2[j] ?? 0] ?? NaN);
    s3 += value * (b3[p3[j] ?? 0] ?? NaN);
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}
