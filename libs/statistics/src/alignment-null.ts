import { centreFeatures, checkMatched, permuteUnits, type CentredFactor, type Factor } from './factor.js';
import { innerProduct, squaredNorm } from './matrix-products.js';
import { orderedPath, orderedPathScore, PATH_PENALTY, type OrderedPath } from './ordered-path.js';
import { createRandom, identityPermutation, shuffle } from './random.js';
import { rowProducts, type RowProducts } from './row-products.js';
import { selectionTail, type SelectionDraw, type SelectionTail } from './selection-tail.js';

/** The best ordered path through a layer × layer map, and how good it is for a best path. */
export interface LayerAlignment {
  readonly path: OrderedPath;
  /** z of every cell, row-major, layers of A × layers of B; NaN where a side is constant. */
  readonly z: Float64Array;
  /** The path's score among the best scores on permuted units. */
  readonly tail: SelectionTail;
}

/** How paths are scored, and by whom products are made. */
export interface AlignmentOptions {
  readonly penalty?: number;
  readonly products?: RowProducts;
}

/**
 * Monotone alignment of two stacks of layers with its own null. Choosing the path is selection, so the units of all
 * layers of B are permuted jointly and the whole search is repeated: p = (1 + #{S_π >= S})/(T + 1), exact however
 * layers resemble each other. Each permutation costs one product of the stacks, L_A·L_B·m·n multiplications, with
 * Var_ij = <A_i'A_i, B_j'B_j>/(n − 1), which no permutation changes, made once (Hoeffding 1951).
 *
 * @param a one factor per layer of A: norm vectors (one feature) or matrices, with a few mixed features where whole
 *   ones cost too much (`mixFeatures`).
 * @param b the same for B; all with the same features and units, any number of layers.
 * @param draw at least 999 permutations.
 * @param products makes the products of the stacks.
 * @throws RangeError when a side has no layer, shapes differ or a value is not finite.
 */
export async function alignmentNull(
  a: readonly Factor[],
  b: readonly Factor[],
  draw: SelectionDraw,
  { penalty = PATH_PENALTY, products = rowProducts }: AlignmentOptions = {},
): Promise<LayerAlignment> {
  const sideA = await centredStack(a, products);
  const sideB = await centredStack(b, products);
  checkMatched(sideA.first, sideB.first);
  const { units, features } = sideA.first;
  const rows = a.length;
  const columns = b.length;
  const inverse = new Float64Array(rows * columns).map((_, cell) => {
    const gramA = sideA.grams[Math.floor(cell / columns)] ?? new Float64Array(0);
    const gramB = sideB.grams[cell % columns] ?? new Float64Array(0);
    const variance = innerProduct(gramA, gramB) / (units - 1);
    return variance > 0 ? 1 / Math.sqrt(variance) : NaN;
  });
  const long = features * units;
  const left = { values: sideA.values, features: rows, units: long };
  const scoresOf = async (values: Factor['values']) => {
    const z = await products(left, { values, features: columns, units: long });
    z.forEach((excess, cell) => (z[cell] = excess * (inverse[cell] ?? NaN)));
    return { z, rows, columns };
  };
  const scores = await scoresOf(sideB.values);
  const path = orderedPath(scores, penalty);
  const random = createRandom(draw.seed);
  const permutation = identityPermutation(units);
  const unpermuted = { values: sideB.values, features: columns * features, units };
  const tail = await selectionTail(path.score, draw, async () => {
    shuffle(permutation, random);
    return orderedPathScore(await scoresOf(permuteUnits(unpermuted, permutation).values), penalty);
  });
  return { path, z: scores.z, tail };
}

/** Centred layers one after the other, each scaled to unit norm (which no z sees), and their Grams. */
async function centredStack(
  layers: readonly Factor[],
  products: RowProducts,
): Promise<{ values: Float64Array; first: CentredFactor; grams: Float64Array[] }> {
  const centred = layers.map(centreFeatures);
  const first = centred[0];
  if (first === undefined) throw new RangeError('a stack without layers');
  const length = first.features * first.units;
  const values = new Float64Array(layers.length * length);
  const grams: Float64Array[] = [];
  for (const [at, layer] of centred.entries()) {
    checkMatched(first, layer);
    const norm = Math.sqrt(squaredNorm(layer.values));
    const scaled = norm > 0 ? layer.values.map((value) => value / norm) : layer.values;
    values.set(scaled, at * length);
    const unit = { ...layer, values: scaled };
    grams.push(await products(unit, unit));
  }
  return { values, first, grams };
}
