import type { Random } from '@jokbo/statistics';
import { dimensionsOf } from '../model/dimensions.js';
import { scaleColumns, scaleRows } from '../model/matrix.js';
import { extent, tensorOf, withTensors, type Model, type Tensor } from '../model/model.js';
import { attentionOf, feedForwardsOf, partsOf } from '../model/names.js';
import { uniform } from '../model/seeded-random.js';
import { rescaleNorms } from './fold-norms.js';

/** Largest factor; factors are log-uniform between it and its inverse. */
const LARGEST_FACTOR = 4;

function factors(count: number, random: Random): Float64Array {
  return Float64Array.from({ length: count }, () => LARGEST_FACTOR ** (2 * uniform(random) - 1));
}

/** Every hidden unit's up row times a factor, its down column divided by it. Same function. */
export function scaleUnits(model: Model, random: Random): Model {
  const { layers } = dimensionsOf(model);
  const blocks = Array.from({ length: layers }, (_, layer) => feedForwardsOf(model, layer)).flat();
  const changes = blocks.flatMap(({ up, down }): [string, Tensor][] => {
    const rows = tensorOf(model, up);
    const scale = factors(extent(rows).rows, random);
    const inverse = scale.map((factor) => 1 / factor);
    return [
      [up, scaleRows(rows, scale)],
      [down, scaleColumns(tensorOf(model, down), inverse)],
    ];
  });
  return withTensors(model, changes);
}

/** Every value channel times a factor, the output columns that read it divided by it. Same function. */
export function scaleValues(model: Model, random: Random): Model {
  const { layers, heads, groups, headDim } = dimensionsOf(model);
  const changes = Array.from({ length: layers }, (_, layer): [string, Tensor][] => {
    const scale = factors(groups * headDim, random);
    const perHead = Float64Array.from({ length: heads * headDim }, (_unused, at) => {
      const group = Math.floor(at / headDim / (heads / groups));
      return 1 / (scale[group * headDim + (at % headDim)] ?? NaN);
    });
    const { v, o } = attentionOf(layer);
    const output = `${o}.weight`;
    return [
      ...partsOf(model, v).map((name): [string, Tensor] => [name, scaleRows(tensorOf(model, name), scale)]),
      [output, scaleColumns(tensorOf(model, output), perHead)],
    ];
  });
  return withTensors(model, changes.flat());
}

/** Keys of every group times a factor, the queries that meet them divided by it. Same function. */
export function scaleKeys(model: Model, random: Random): Model {
  const { layers, heads, groups, headDim } = dimensionsOf(model);
  const changes = Array.from({ length: layers }, (_, layer): [string, Tensor][] => {
    const perGroup = factors(groups, random);
    const ofKey = Float64Array.from(
      { length: groups * headDim },
      (_unused, at) => perGroup[Math.floor(at / headDim)] ?? NaN,
    );
    const ofQuery = Float64Array.from({ length: heads * headDim }, (_unused, at) => {
      return 1 / (perGroup[Math.floor(at / headDim / (heads / groups))] ?? NaN);
    });
    const { q, k } = attentionOf(layer);
    const scaled = (path: string, scale: Float64Array): [string, Tensor][] =>
      partsOf(model, path).map((name) => [name, scaleRows(tensorOf(model, name), scale)]);
    return [...scaled(k, ofKey), ...scaled(q, ofQuery)];
  });
  return withTensors(model, changes.flat());
}

/** Every norm weight times a factor, the columns that read it divided by it. Same function. */
export function scaleNorms(model: Model, random: Random): Model {
  return rescaleNorms(model, (gamma) => factors(gamma.length, random));
}
