import type { TensorBackend } from '@jokbo/contracts';
import type { Factor, RowProducts } from '@jokbo/statistics';
import { operandView } from './product-view.js';

/** Products of the rows of two factors over their units, made by the kernels: in f64, as `rowProducts` makes them. */
export function factorProducts(backend: TensorBackend): RowProducts {
  return (a, b) => {
    const left = viewOf(a);
    // Of one and the same view half is made, and mirrored.
    return backend.cross(left, a === b ? left : viewOf(b), 0);
  };
}

function viewOf({ values, features, units }: Factor) {
  return operandView(values instanceof Float64Array ? values : Float64Array.from(values), features, units);
}
