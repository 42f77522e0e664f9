import type { TensorBackend } from '@jokbo/contracts';
import { decodeF32 } from '@jokbo/safetensors';
import {
  drawnPermutations,
  innerProduct,
  jointTraceOfSquares,
  permutedInnerProducts,
  type JointTraceTest,
  type Factor,
  type PermutationDraw,
} from '@jokbo/statistics';
import { blockInnerProduct, createFeatureGram, type FeatureGram } from './feature-gram.js';
import { VARIANCE_NOISE, type TensorTest } from './joint-trace.js';
import { operandType } from './product-view.js';
import { createRoom, type Room } from './room.js';
import { stackSide, type SideTensor, type StackedSide } from './stacked-side.js';

/** Which tensor of the subject is held against which of the reference: positions in the lists of either side. */
export type Pairing = readonly (readonly [a: number, b: number])[];

/** The joint trace test under one pairing. */
export interface PairingTrace {
  readonly joint: JointTraceTest | null;
  /** Each pair's own test; null where its variance is zero. */
  readonly tests: readonly (TensorTest | null)[];
  /** z of seeded self-scrambles. */
  scrambles(draw: PermutationDraw): Promise<Float64Array>;
}

/** Two sides' tensors over the same units. */
export interface GramTraceSides {
  readonly a: readonly SideTensor[];
  readonly b: readonly SideTensor[];
  readonly units: number;
  /** The factors are tested as they are stored, but for centring. */
  readonly asStored: boolean;
}

/** Multiplications of the feature Grams of both sides: half of each is computed. */
export function gramTraceProducts({ a, b, units }: GramTraceSides): number {
  const features = (side: readonly SideTensor[]): number => side.reduce((sum, own) => sum + own.features, 0);
  return ((features(a) ** 2 + features(b) ** 2) * units) / 2;
}

/**
 * Trace tests joint over tensors under several pairings of them, from the feature Grams of either side (Hoeffding 1951):
 * ‖Σ_t w_t Ac_t·Bc_t'‖² = Σ_tu w_t w_u <Ac_t'Ac_u, Bc_t'Bc_u>. The Grams serve every pairing, so where tensors have few
 * features, or many layer maps are tried, that costs less than one units × units product for each. T and the norms are
 * f64 sums of the centred factors.
 */
export async function gramTraces(
  sides: GramTraceSides,
  pairings: readonly Pairing[],
  backend: TensorBackend,
): Promise<PairingTrace[]> {
  const { a, b, units, asStored } = sides;
  const as = { dtype: operandType(gramTraceProducts(sides)), asStored };
  const [sideA, sideB] = [await stackSide(a, units, as), await stackSide(b, units, as)];
  const excesses = await pairExcesses(sides, pairings, [sideA, sideB], backend);
  const products = await pairProducts(sideA, sideB, pairings, backend);
  return pairings.map((pairing, map) =>
    pairingTrace(sides, pairing, {
      norms: pairing.map(([t, s]) => (sideA.norms[t] ?? NaN) * (sideB.norms[s] ?? NaN)),
      scales: pairing.map(([t, s]) => (sideA.scales[t] ?? NaN) * (sideB.scales[s] ?? NaN)),
      shifts: pairing.map((pair) => meanProduct(sides, [sideA, sideB], pair)),
      excesses: excesses[map] ?? [],
      products: products[map] ?? new Float64Array(),
    }),
  );
}

/**
 * <Ac_t, Bc_s> of every pair of every pairing, in f64: of what is stored as <A_t, B_s> − n Σ_f ā·b̄, else each tensor of A
 * is centred once.
 */
async function pairExcesses(
  { a, b, units }: GramTraceSides,
  pairings: readonly Pairing[],
  [sideA, sideB]: readonly [StackedSide, StackedSide],
  backend: TensorBackend,
): Promise<number[][]> {
  const excesses = pairings.map((pairing) => new Array<number>(pairing.length).fill(NaN));
  const stored = sideA.stacked.means !== null && sideB.stacked.means !== null;
  for (const [tensor, own] of a.entries()) {
    const left = stored ? null : await own.centred();
    for (const [map, pairing] of pairings.entries()) {
      for (const [at, [t, s]] of pairing.entries()) {
        const [partner, list] = [b[s], excesses[map]];
        if (t !== tensor || partner === undefined || list === undefined) continue;
        if (left !== null) {
          list[at] = innerProduct(left.values, (await partner.centred()).values);
          continue;
        }
        const { sumAB } = await backend.pairSums(own.view, partner.view);
        list[at] = sumAB - units * innerProduct(meansOf(sideA, t), meansOf(sideB, s));
      }
    }
  }
  return excesses;
}

/** n Σ_f ā·b̄, by which the products of two tensors as they are stored differ from centred ones; null = they are centred. */
function meanProduct(
  { units }: GramTraceSides,
  [sideA, sideB]: readonly [StackedSide, StackedSide],
  [t, s]: Pairing[number],
): number | null {
  const stored = sideA.stacked.means !== null && sideB.stacked.means !== null;
  return stored ? units * innerProduct(meansOf(sideA, t), meansOf(sideB, s)) : null;
}

function meansOf({ stacked: { means, starts } }: StackedSide, tensor: number): Float64Array {
  return (means ?? new Float64Array()).subarray(starts[tensor], starts[tensor + 1]);
}

/**
 * <A_t'A_u, B_s'B_r> of every two pairs (t, s), (u, r) of every pairing, lower triangle, in the scale of the stacks.
 * Strips of A pass once; of B those are held that are still needed.
 */
async function pairProducts(
  sideA: StackedSide,
  sideB: StackedSide,
  pairings: readonly Pairing[],
  backend: TensorBackend,
): Promise<Float64Array[]> {
  const gramA = createFeatureGram(sideA.stacked, backend);
  const gramB = createFeatureGram(sideB.stacked, backend);
  const products = pairings.map(({ length }) => new Float64Array(length * length));
  const strips = (gramA.stripOf.at(-1) ?? -1) + 1;
  const uses = usesOfStrips(gramA, gramB, pairings);
  const { starts } = sideA.stacked;
  const featuresOf = (tensor: number): number => (starts[tensor + 1] ?? NaN) - (starts[tensor] ?? NaN);
  for (let strip = 0; strip < strips; strip += 1) {
    const needed = [...uses].filter(([, { first, last }]) => first <= strip && strip <= last);
    await Promise.all([gramA.hold(new Set([strip])), gramB.hold(new Set(needed.map(([own]) => own)))]);
    for (const [map, pairing] of pairings.entries()) {
      forPairs(pairing, gramA, strip, ([t, s], [u, r], at) => {
        const product = blockInnerProduct(gramA.block(t, u), gramB.block(s, r), featuresOf(t), featuresOf(u));
        const list = products[map];
        if (list !== undefined) list[at] = product;
      });
    }
  }
  return products;
}

/** Every two pairs, lower triangle, whose products lie in a strip of A. */
function forPairs(
  pairing: Pairing,
  { stripOf }: FeatureGram,
  strip: number | null,
  visit: (later: Pairing[number], earlier: Pairing[number], at: number) => void,
): void {
  for (const [p, later] of pairing.entries()) {
    for (const [q, earlier] of pairing.entries()) {
      if (q > p) break;
      if (strip !== null && stripOf[Math.max(later[0], earlier[0])] !== strip) continue;
      visit(later, earlier, p * pairing.length + q);
    }
  }
}

/** Strip of B → the first and the last strip of A beside which it is needed. */
function usesOfStrips(
  gramA: FeatureGram,
  gramB: FeatureGram,
  pairings: readonly Pairing[],
): Map<number, { first: number; last: number }> {
  const uses = new Map<number, { first: number; last: number }>();
  for (const pairing of pairings) {
    forPairs(pairing, gramA, null, ([t, s], [u, r]) => {
      const [own, other] = [gramA.stripOf[Math.max(t, u)] ?? 0, gramB.stripOf[Math.max(s, r)] ?? 0];
      const use = uses.get(other);
      if (use === undefined) uses.set(other, { first: own, last: own });
      else {
        use.first = Math.min(use.first, own);
        use.last = Math.max(use.last, own);
      }
    });
  }
  return uses;
}

interface PairingSums {
  /** ‖Ac_t‖‖Bc_s‖ of each pair. */
  readonly norms: readonly number[];
  /** What its products must be multiplied with, to be those of unit factors. */
  readonly scales: readonly number[];
  /** What the centred products of each pair are less than those as stored; null = nothing is stored uncentred. */
  readonly shifts: readonly (number | null)[];
  readonly excesses: readonly number[];
  readonly products: Float64Array;
}

function pairingTrace(sides: GramTraceSides, pairing: Pairing, sums: PairingSums): PairingTrace {
  const { norms, scales, shifts, excesses, products } = sums;
  const { units } = sides;
  const product = (p: number, q: number): number =>
    (products[p * pairing.length + q] ?? NaN) * (scales[p] ?? NaN) * (scales[q] ?? NaN);
  const weights = pairing.map((_, p) => {
    const variance = (norms[p] ?? NaN) > 0 ? product(p, p) / (units - 1) : 0;
    return variance > VARIANCE_NOISE ? 1 / Math.sqrt(variance) : null;
  });
  const tests = weights.map((weight, p) => {
    const r = (excesses[p] ?? NaN) / (norms[p] ?? NaN);
    return weight === null ? null : { z: weight * r, r };
  });
  const totals = { excess: 0, norms: 0, tensors: 0, features: 0 };
  let squares = 0;
  for (const [p, weight] of weights.entries()) {
    if (weight === null) continue;
    totals.excess += tests[p]?.z ?? NaN;
    totals.norms += weight;
    totals.tensors += 1;
    totals.features += sides.a[pairing[p]?.[0] ?? NaN]?.features ?? NaN;
    for (let q = 0; q < p; q += 1) squares += 2 * weight * (weights[q] ?? 0) * product(p, q);
    squares += weight * weight * product(p, p);
  }
  const joint = jointTraceOfSquares(totals, squares, units);
  return {
    joint,
    tests,
    async scrambles(draw) {
      const permutations = drawnPermutations(units, draw);
      const sum = new Float64Array(draw.permutations);
      const rooms = [createRoom(Float32Array), createRoom(Float32Array)] as const;
      for (const [p, [t, s]] of pairing.entries()) {
        const [own, other, weight] = [sides.a[t], sides.b[s], weights[p] ?? null];
        if (own === undefined || other === undefined || weight === null) continue;
        const scale = weight / (norms[p] ?? NaN);
        const shift = shifts[p] ?? null;
        const [left, right] =
          shift === null
            ? [await own.centred(), await other.centred()]
            : [storedFactor(own, units, rooms[0]), storedFactor(other, units, rooms[1])];
        const found = permutedInnerProducts(left, right, permutations);
        found.forEach((value, at) => (sum[at] = (sum[at] ?? NaN) + scale * (value - (shift ?? 0))));
      }
      return sum.map((value) => value / Math.sqrt(joint?.variance ?? NaN));
    },
  };
}

/** A tensor's values as they are stored, in f32: half the memory that a row is gathered from. */
function storedFactor({ view, features }: SideTensor, units: number, room: Room<Float32Array>): Factor {
  return { values: decodeF32(view, room(features * units)), features, units };
}
