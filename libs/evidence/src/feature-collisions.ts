import type { TensorView } from '@jokbo/contracts';
import { collisionMoments, type CollisionMoments } from '@jokbo/statistics';

const PATTERNS = 65_536;

/**
 * Moments of the number of equal values of two 16-bit tensors [features, units] when the values of each feature are in a
 * random order of its own units: the sums over features of the moments of each.
 */
export function featureCollisions(a: TensorView, b: TensorView): CollisionMoments {
  const [features = 0, units = 0] = a.shape;
  const numbers = new Int32Array(PATTERNS).fill(-1);
  const counts = [new Uint32Array(2 * units), new Uint32Array(2 * units)] as const;
  const total = { expectation: 0, variance: 0 };
  for (let feature = 0; feature < features; feature += 1) {
    const seen: number[] = [];
    for (const [side, { bytes }] of [a, b].entries()) {
      const own = counts[side === 0 ? 0 : 1];
      for (let at = 2 * units * feature; at < 2 * units * (feature + 1); at += 2) {
        const pattern = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
        let number = numbers[pattern] ?? -1;
        if (number < 0) {
          number = seen.push(pattern) - 1;
          numbers[pattern] = number;
        }
        own[number] = (own[number] ?? 0) + 1;
      }
    }
    const [left, right] = counts.map((own) => own.subarray(0, seen.length));
    const { expectation, variance } = collisionMoments(left ?? [], right ?? [], units);
    total.expectation += expectation;
    total.variance += variance;
    for (const pattern of seen) numbers[pattern] = -1;
    for (const own of counts) own.fill(0, 0, seen.length);
  }
  return total;
}
