/** Numbers of a matrix, row-major. */
export type Values = Float64Array | Float32Array;

/**
 * The part of a tensor that a permutation test sees: features × units, row-major. A unit is one index of the
 * exchangeable axis (a residual dimension, a hidden unit, an expert); a feature is one row over all units.
 */
export interface Factor {
  readonly values: Values;
  readonly features: number;
  readonly units: number;
}

/** A factor in f64 whose features have mean zero over the units. */
export interface CentredFactor extends Factor {
  readonly values: Float64Array;
}

/** @throws RangeError unless `value` is a whole number of at least `least`. */
export function checkCount(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name} must be a whole number >= ${least}, got ${value}`);
  }
}

/** @throws RangeError when the shape is not that of `values`, or when there are fewer than two units. */
export function checkFactor(factor: Factor): void {
  checkCount('features', factor.features, 1);
  checkCount('units', factor.units, 2);
  checkLength('factor', factor.values, factor.features * factor.units);
}

/** @throws RangeError when the factors are not matched: same units, same features. */
export function checkMatched(a: Factor, b: Factor): void {
  checkFactor(a);
  checkFactor(b);
  if (a.units !== b.units || a.features !== b.features) {
    throw new RangeError(
      `factors are not matched: ${a.features} × ${a.units} against ${b.features} × ${b.units}`,
    );
  }
}

/** @throws RangeError unless `values` has exactly `length` numbers. */
export function checkLength(name: string, values: ArrayLike<number>, length: number): void {
  if (values.length !== length) throw new RangeError(`${name} has ${values.length} values, not ${length}`);
}

/** @throws RangeError when `value` is NaN or infinite: data must be checked before it comes here. */
export function checkFinite(name: string, value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`${name} is not finite (${value})`);
  return value;
}

/**
 * Subtracts from each feature its mean over the units. Means are taken about the feature's first value, so a
 * constant feature becomes exactly zero.
 *
 * @throws RangeError on a shape that does not fit, or on NaN or infinity.
 */
export function centreFeatures(factor: Factor): CentredFactor {
  checkFactor(factor);
  const { values, features, units } = factor;
  const centred = new Float64Array(features * units);
  for (let feature = 0; feature < features; feature += 1) {
    const start = feature * units;
    const origin = values[start] ?? NaN;
    let sum = 0;
    for (let unit = 1; unit < units; unit += 1) sum += (values[start + unit] ?? NaN) - origin;
    const shift = checkFinite(`mean of feature ${feature}`, sum / units);
    for (let unit = 0; unit < units; unit += 1) {
      centred[start + unit] = (values[start + unit] ?? NaN) - origin - shift;
    }
  }
  return { values: centred, features, units };
}

/**
 * The factor with its units re-ordered: unit j of the result is unit `permutation[j]` of the input.
 *
 * @throws RangeError when `permutation` has another length.
 */
export function permuteUnits(factor: Factor, permutation: ArrayLike<number>): Factor {
  checkFactor(factor);
  const { values, features, units } = factor;
  checkLength('permutation', permutation, units);
  const permuted = new Float64Array(features * units);
  for (let feature = 0; feature < features; feature += 1) {
    for (let unit = 0; unit < units; unit += 1) {
      permuted[feature * units + unit] = values[feature * units + (permutation[unit] ?? NaN)] ?? NaN;
    }
  }
  return { values: permuted, features, units };
}
