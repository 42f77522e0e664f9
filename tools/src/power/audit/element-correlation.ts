import type { Component } from '@jokbo/contracts';
import type { Model } from '../model/model.js';
import { componentOf } from '../model/names.js';

/**
 * Correlation of the elements of a made model with those of its base, by component: over tensors of one name and
 * shape, each centred. What was really kept, measured without any statistic of the audit.
 */
export function elementCorrelations(base: Model, made: Model): ReadonlyMap<Component, number> {
  const sums = new Map<Component, { ab: number; aa: number; bb: number }>();
  for (const [name, { values }] of base.tensors) {
    const other = made.tensors.get(name)?.values;
    if (other?.length !== values.length) continue;
    const component = componentOf(name);
    const sum = sums.get(component) ?? { ab: 0, aa: 0, bb: 0 };
    sums.set(component, sum);
    const [a, b] = [mean(values), mean(other)];
    for (let at = 0; at < values.length; at += 1) {
      const [x, y] = [(values[at] ?? NaN) - a, (other[at] ?? NaN) - b];
      sum.ab += x * y;
      sum.aa += x * x;
      sum.bb += y * y;
    }
  }
  return new Map(
    [...sums].flatMap(([component, { ab, aa, bb }]): [Component, number][] => {
      return aa === 0 || bb === 0 ? [] : [[component, ab / Math.sqrt(aa * bb)]];
    }),
  );
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
