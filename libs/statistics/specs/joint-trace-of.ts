import {
  centreFeatures,
  innerProduct,
  jointTrace,
  squaredNorm,
  unitCross,
  type Factor,
  type JointTrace,
} from '../src/index.js';

/** The joint trace test of matched factors, every product in f64 and one after the other. */
export function jointTraceOf(pairs: readonly (readonly [Factor, Factor])[]): JointTrace | null {
  const units = pairs[0]?.[0].units ?? 0;
  const cc = new Float64Array(units * units);
  let [excess, norms, tensors, features] = [0, 0, 0, 0];
  for (const pair of pairs) {
    const [a, b] = [centreFeatures(pair[0]), centreFeatures(pair[1])];
    const cross = unitCross(a, b);
    const variance = squaredNorm(cross) / (units - 1);
    if (variance === 0) continue;
    const weight = 1 / Math.sqrt(variance);
    cross.forEach((value, at) => (cc[at] = (cc[at] ?? NaN) + weight * value));
    excess += weight * innerProduct(a.values, b.values);
    norms += weight * Math.sqrt(squaredNorm(a.values) * squaredNorm(b.values));
    tensors += 1;
    features += a.features;
  }
  return jointTrace({ cc, excess, norms, tensors, features }, units);
}
