import { permutationOf, rotationOf } from './gaussian.js';
import { TINY, type TinyShape, type Weight } from './synthetic-model.js';

/** Changes the values of the weights that `matches`. */
export function changed(
  weights: readonly Weight[],
  matches: (weight: Weight) => boolean,
  change: (weight: Weight) => Float64Array,
): Weight[] {
  return weights.map((weight) => (matches(weight) ? { ...weight, values: change(weight) } : weight));
}

/** Moves every element: the value at [row, column] comes from [rows(row), columns(column)]. */
function gather(
  { shape, values }: Weight,
  rows: (row: number) => number,
  columns: (column: number) => number,
): Float64Array {
  const width = shape.length === 1 ? 1 : (shape[1] ?? 1);
  return values.map((_, at) => values[rows(Math.floor(at / width)) * width + columns(at % width)] ?? NaN);
}

const same = (index: number): number => index;

/** Re-orders the axis that is not the residual one. */
function permuteFeatures(weight: Weight, order: (index: number) => number): Float64Array {
  return weight.axis === 1 ? gather(weight, order, same) : gather(weight, same, order);
}

/** The same model with its residual dimensions in another order, and their signs changed where `signs`. */
export function permuteResidual(weights: readonly Weight[], signs = false, width = TINY.width): Weight[] {
  const order = permutationOf('residual', width);
  const at = (index: number): number => order[index] ?? 0;
  return weights.map((weight) => {
    const values = weight.axis === 1 ? gather(weight, same, at) : gather(weight, at, same);
    const columns = weight.axis === 1 ? width : (weight.shape[1] ?? 1);
    const flip = (unit: number): number => (signs && unit % 2 === 1 ? -1 : 1);
    if (weight.shape.length === 1) return { ...weight, values };
    return {
      ...weight,
      values: values.map(
        (value, index) => value * flip(weight.axis === 1 ? index % columns : Math.floor(index / columns)),
      ),
    };
  });
}

/** The same model with γ folded into what follows it and the residual stream rotated; norms become one. */
export function rotateResidual(weights: readonly Weight[], width = TINY.width): Weight[] {
  const rotation = rotationOf('rotation', width);
  const gammaOf = (weight: Weight): Float64Array | undefined => {
    const role = /^attn\.[qkv]$/.test(weight.role)
      ? 'norm.pre_attn'
      : /\.(?:gate|up|router)$/.test(weight.role)
        ? 'norm.pre_ffn'
        : null;
    return weights.find((other) => other.role === role && other.layer === weight.layer)?.values;
  };
  return weights.map((weight) => {
    if (weight.shape.length === 1) return { ...weight, values: weight.values.map(() => 1) };
    const gamma = gammaOf(weight);
    const [rows = 0, columns = 0] = weight.shape;
    const values = new Float64Array(weight.values.length);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        let sum = 0;
        for (let k = 0; k < width; k += 1) {
          sum +=
            weight.axis === 1
              ? (weight.values[row * columns + k] ?? NaN) *
                (gamma?.[k] ?? 1) *
                (rotation[k * width + column] ?? NaN)
              : (rotation[k * width + row] ?? NaN) * (weight.values[k * columns + column] ?? NaN);
        }
        values[row * columns + column] = sum;
      }
    }
    return { ...weight, values };
  });
}

/** The same function with heads, hidden units and experts of every layer in another order. */
export function permuteInside(weights: readonly Weight[], shape: TinyShape = TINY): Weight[] {
  const { heads, kvHeads, headDim, hidden, experts } = shape;
  const perGroup = heads / kvHeads;
  const group = (index: number): number => (index + 1) % kvHeads;
  const units = permutationOf('hidden units', hidden);
  const expertOf = (index: number): number => (index + 1) % experts;
  const kvRow = (row: number): number => group(Math.floor(row / headDim)) * headDim + (row % headDim);
  const headRow = (row: number): number => {
    const head = Math.floor(row / headDim);
    const from = group(Math.floor(head / perGroup)) * perGroup + (head % perGroup);
    return from * headDim + (row % headDim);
  };
  return weights.map((weight) => {
    const { role } = weight;
    if (role === 'attn.k' || role === 'attn.v') return { ...weight, values: permuteFeatures(weight, kvRow) };
    if (role === 'attn.q' || role === 'attn.o')
      return { ...weight, values: permuteFeatures(weight, headRow) };
    if (role === 'moe.router') {
      return { ...weight, values: permuteFeatures(weight, expertOf) };
    }
    if (!/\.(?:gate|up|down)$/.test(role)) return weight;
    const moved =
      weight.expert === null
        ? weight
        : (weights.find(
            (other) =>
              other.role === role &&
              other.layer === weight.layer &&
              other.expert === expertOf(weight.expert ?? 0),
          ) ?? weight);
    return { ...weight, values: permuteFeatures(moved, (index) => units[index] ?? 0) };
  });
}

/** Every matrix scaled by its own factor, and a constant added to each feature. */
export function scaleAndShift(weights: readonly Weight[]): Weight[] {
  return weights.map((weight, index) => {
    const scale = 0.5 + (index % 7);
    const columns = weight.shape.length === 1 ? 1 : (weight.shape[1] ?? 1);
    return {
      ...weight,
      values: weight.values.map((value, at) => {
        const feature =
          weight.shape.length === 1 ? 0 : weight.axis === 1 ? Math.floor(at / columns) : at % columns;
        return scale * value + (feature % 5);
      }),
    };
  });
}

/** The reference's layers in the order of `map`, e.g. [0, 0, 1]: layer i is a copy of layer map[i]. */
export function withLayers(weights: readonly Weight[], map: readonly number[]): Weight[] {
  const outside = weights.filter(({ layer }) => layer === null);
  const inside = map.flatMap((from, layer) =>
    weights.filter((weight) => weight.layer === from).map((weight) => ({ ...weight, layer })),
  );
  return [...outside, ...inside];
}
