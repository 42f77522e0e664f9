import type { Random } from '@jokbo/statistics';
import { dimensionsOf } from '../model/dimensions.js';
import {
  gatherRows,
  leftMultiply,
  randomRotation,
  rightMultiplyTransposed,
  stackRows,
} from '../model/matrix.js';
import { extent, tensorOf, withTensors, type Model, type Tensor } from '../model/model.js';
import { attentionOf, partsOf } from '../model/names.js';
import { uniform } from '../model/seeded-random.js';

/** A square matrix that acts on the channels of one head. */
type ChannelMap = Float64Array;

/** Value channels of every key-value group in another orthonormal basis, the output columns with them. Same function. */
export function rotateValues(model: Model, random: Random): Model {
  const { layers, heads, groups, headDim } = dimensionsOf(model);
  const changes = Array.from({ length: layers }, (_, layer) => {
    const maps = Array.from({ length: groups }, () => randomRotation(headDim, random));
    const perHead = Array.from({ length: heads }, (_unused, head) => groupMap(maps, head, heads / groups));
    const { v, o } = attentionOf(layer);
    const output = tensorOf(model, `${o}.weight`);
    return [
      ...partsOf(model, v).map((name): [string, Tensor] => [name, onRows(tensorOf(model, name), maps)]),
      [`${o}.weight`, onColumns(output, perHead)] as [string, Tensor],
    ];
  });
  return withTensors(model, changes.flat());
}

/**
 * Queries and keys turned alike in the plane of every rotary frequency, which commutes with the rotation by position,
 * and in any way outside of the rotary channels. Same function.
 */
export function rotateKeys(model: Model, random: Random): Model {
  const { layers, heads, groups } = dimensionsOf(model);
  const changes = Array.from({ length: layers }, (_, layer) => {
    const maps = Array.from({ length: groups }, () => rotaryMap(model, random));
    const perHead = Array.from({ length: heads }, (_unused, head) => groupMap(maps, head, heads / groups));
    const { q, k } = attentionOf(layer);
    const rows = (path: string, own: readonly ChannelMap[]): [string, Tensor][] =>
      partsOf(model, path).map((name) => [name, onRows(tensorOf(model, name), own)]);
    return [...rows(q, perHead), ...rows(k, maps)];
  });
  return withTensors(model, changes.flat());
}

function groupMap(maps: readonly ChannelMap[], head: number, perGroup: number): ChannelMap {
  const map = maps[Math.floor(head / perGroup)];
  if (map === undefined) throw new RangeError(`head ${head} has no group`);
  return map;
}

/** Channel i turns with channel i + rotary/2; what is not rotary turns freely. */
function rotaryMap(model: Model, random: Random): ChannelMap {
  const { headDim, rotary } = dimensionsOf(model);
  const map = new Float64Array(headDim * headDim);
  const half = rotary / 2;
  for (let i = 0; i < half; i += 1) {
    const angle = 2 * Math.PI * uniform(random);
    const j = i + half;
    map[i * headDim + i] = Math.cos(angle);
    map[i * headDim + j] = -Math.sin(angle);
    map[j * headDim + i] = Math.sin(angle);
    map[j * headDim + j] = Math.cos(angle);
  }
  const rest = headDim - rotary;
  if (rest > 0) {
    const free = randomRotation(rest, random);
    for (let i = 0; i < rest; i += 1) {
      map.set(free.subarray(i * rest, (i + 1) * rest), (rotary + i) * headDim + rotary);
    }
  }
  return map;
}

/** One map per head on the rows of that head. */
function onRows(tensor: Tensor, maps: readonly ChannelMap[]): Tensor {
  const size = extent(tensor).rows / maps.length;
  return stackRows(
    maps.map((map, head) => {
      const rows = Array.from({ length: size }, (_, channel) => head * size + channel);
      return leftMultiply(map, gatherRows(tensor, rows));
    }),
  );
}

/** W·diag(M_h′): one map per head on the columns of that head. */
function onColumns(tensor: Tensor, maps: readonly ChannelMap[]): Tensor {
  const { rows, columns } = extent(tensor);
  const size = columns / maps.length;
  const whole = new Float64Array(columns * columns);
  maps.forEach((map, head) => {
    for (let i = 0; i < size; i += 1) {
      whole.set(map.subarray(i * size, (i + 1) * size), (head * size + i) * columns + head * size);
    }
  });
  return { ...rightMultiplyTransposed(tensor, whole), shape: [rows, columns] };
}
