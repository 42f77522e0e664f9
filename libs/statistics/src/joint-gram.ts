import { checkCount, checkLength, type Values } from './factor.js';
import { createGramPairMoments } from './gram-pair-moments.js';
import { jointGramOfMoments, type JointGram } from './joint-gram-moments.js';
import { dot } from './matrix-products.js';

export interface GramAccumulator {
  /**
   * Adds the next rows of every layer's Grams, so that the Grams need not be in memory together.
   *
   * @param a per layer of side A the same rows of its symmetric n × n Gram, rows × n.
   * @param b the same rows of side B.
   * @throws RangeError on layers or lengths that do not fit, or on rows beyond n.
   */
  addRows(a: readonly Values[], b: readonly Values[]): void;
  /**
   * The joint test; null when no layer has variance.
   *
   * @throws RangeError when rows are missing or a value was not finite.
   */
  finish(): JointGram | null;
}

/**
 * Mantel test joint over layers under one permutation of rows and columns of all of B's Grams: T = Σ w_t T_t,
 * Var T = Σ_tu w_t w_u Cov(T_t, T_u) from bilinear moments (Mantel 1967), w_t = 1/√Var_t. Diagonals are ignored.
 * Off-diagonal means are removed algebraically from the sums: centre Grams first where the mean is large.
 * Costs layers²·n² multiplications; layers of both sides are matched by position.
 */
export function createGramAccumulator(layers: number, units: number): GramAccumulator {
  checkCount('layers', layers, 1);
  checkCount('units', units, 4);
  const sideA = createGramPairMoments(layers, units);
  const sideB = createGramPairMoments(layers, units);
  const products = new Float64Array(layers);
  let rowsTaken = 0;

  function addRows(a: readonly Values[], b: readonly Values[]): void {
    checkLayers('A', a, layers);
    checkLayers('B', b, layers);
    const rows = (a[0]?.length ?? 0) / units;
    checkCount('rows', rows, 1);
    for (const stripe of [...a, ...b]) checkLength('stripe', stripe, rows * units);
    if (rowsTaken + rows > units) throw new RangeError(`${rowsTaken + rows} rows of ${units}`);
    for (let index = 0; index < rows; index += 1) {
      sideA.addRow(a, index * units, rowsTaken);
      sideB.addRow(b, index * units, rowsTaken);
      for (let t = 0; t < layers; t += 1) {
        products[t] = (products[t] ?? NaN) + dot(sideA.row, t * units, sideB.row, t * units, units);
      }
      rowsTaken += 1;
    }
  }

  function finish(): JointGram | null {
    if (rowsTaken !== units) throw new RangeError(`${rowsTaken} rows of ${units} were added`);
    return jointGramOfMoments(sideA, sideB, products, units);
  }

  return { addRows, finish };
}

/** {@link createGramAccumulator} over whole Grams, n × n each. */
export function jointGram(a: readonly Values[], b: readonly Values[], units: number): JointGram | null {
  const accumulator = createGramAccumulator(a.length, units);
  accumulator.addRows(a, b);
  return accumulator.finish();
}

function checkLayers(side: string, stripes: readonly Values[], layers: number): void {
  if (stripes.length !== layers)
    throw new RangeError(`${stripes.length} layers of side ${side}, not ${layers}`);
}
