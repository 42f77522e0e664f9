import { checkCount, checkLength, type Values } from './factor.js';

/** Costs of giving each row one column, row-major. */
export interface CostMatrix {
  readonly values: Values;
  readonly rows: number;
  readonly columns: number;
}

/** An optimal assignment with the dual solution that proves it. */
export interface Assignment {
  /** Column of each row; no column twice. */
  readonly columnOfRow: Uint32Array;
  /** Sum of the chosen entries, in row order. */
  readonly total: number;
  /** u: u_i + v_j <= cost_ij up to rounding (>= when maximising), with equality on the chosen entries. */
  readonly rowDuals: Float64Array;
  /** v: 0 for columns left over. */
  readonly columnDuals: Float64Array;
}

/** Entries up to here cannot overflow the duals, which are sums of at most rows + columns of them. */
const LARGEST_COST = 2 ** 900;

/** Passes of augmenting row reduction, as Jonker and Volgenant recommend. */
const REDUCTION_PASSES = 2;

/** Scans, per row of the problem, in one pass of row reduction: beyond, shortest paths settle price wars at less cost. */
const REDUCTION_SCANS = 8;

const FREE = -1;

/** What the phases share; costs are multiplied by `sign`, so that they always minimise. */
interface Problem {
  readonly values: Values;
  readonly rows: number;
  readonly columns: number;
  readonly sign: 1 | -1;
  /** Column of each row, or FREE. */
  readonly columnOf: Int32Array;
  /** Row of each column, or FREE. */
  readonly rowOf: Int32Array;
  /** Column duals v. */
  readonly duals: Float64Array;
}

/**
 * Exact linear assignment of rows to distinct columns, rows <= columns, dense costs: augmenting row reduction, then
 * shortest augmenting paths (Jonker and Volgenant 1987, Computing 38, 325–340; rectangular as in Crouse 2016, IEEE
 * TAES 52, 1679–1696). O(rows²·columns) at worst. Equal costs are settled in a fixed order, so the same costs give
 * the same assignment. Their column reduction is left out: it makes the searches on cosines with shared directions
 * three times longer, and a rectangular problem needs left-over columns at dual 0.
 *
 * @param costs f64, or f32 read as it is; negative entries are welcome.
 * @param objective `minimum` of the sum, or `maximum` (similarities).
 * @throws RangeError with more rows than columns, on a shape that does not fit, or on NaN, infinity or an entry
 *   above 2⁹⁰⁰.
 */
export function linearAssignment(
  costs: CostMatrix,
  objective: 'minimum' | 'maximum' = 'minimum',
): Assignment {
  const { values, rows, columns } = costs;
  checkCosts(costs);
  const problem: Problem = {
    values,
    rows,
    columns,
    sign: objective === 'minimum' ? 1 : -1,
    columnOf: new Int32Array(rows).fill(FREE),
    rowOf: new Int32Array(columns).fill(FREE),
    duals: new Float64Array(columns),
  };
  let free: Int32Array = new Int32Array(rows).map((_, row) => row);
  if (columns > 1) for (let pass = 0; pass < REDUCTION_PASSES; pass += 1) free = reduceRows(problem, free);
  augment(problem, free);
  return solution(problem);
}

function checkCosts({ values, rows, columns }: CostMatrix): void {
  checkCount('rows', rows, 1);
  checkCount('columns', columns, rows);
  checkLength('costs', values, rows * columns);
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? NaN;
    if (!(value <= LARGEST_COST && value >= -LARGEST_COST)) {
      throw new RangeError(`cost of row ${Math.floor(at / columns)}, column ${at % columns} is ${value}`);
    }
  }
}

/**
 * Gives each free row its cheapest column and lowers that column's dual to the second cheapest; the row that held
 * it becomes free and is served at once, or next pass where the dual could not fall.
 */
function reduceRows(problem: Problem, free: Int32Array): Int32Array {
  const { values, rows, columns, sign, columnOf, rowOf, duals } = problem;
  const queue = Int32Array.from(free);
  const later: number[] = [];
  let scans = REDUCTION_SCANS * rows;
  for (let next = 0; next < queue.length; scans -= 1) {
    const i = queue[next] ?? 0;
    next += 1;
    if (scans <= 0) {
      later.push(i);
      continue;
    }
    const start = i * columns;
    let least = Infinity;
    let second = Infinity;
    let column = 0;
    let other = 0;
    for (let j = 0; j < columns; j += 1) {
      const reduced = sign * (values[start + j] ?? NaN) - (duals[j] ?? NaN);
      if (reduced < second) {
        if (reduced < least) {
          second = least;
          other = column;
          least = reduced;
          column = j;
        } else {
          second = reduced;
          other = j;
        }
      }
    }
    const dual = duals[column] ?? NaN;
    const lowered = dual - (second - least);
    if (lowered < dual) duals[column] = lowered;
    else if (rowOf[column] !== FREE) column = other;
    const displaced = rowOf[column] ?? FREE;
    columnOf[i] = column;
    rowOf[column] = i;
    if (displaced === FREE) continue;
    columnOf[displaced] = FREE;
    if (lowered < dual) {
      next -= 1;
      queue[next] = displaced;
    } else later.push(displaced);
  }
  return Int32Array.from(later);
}

/** Assigns every free row along a shortest path of reduced costs (Dijkstra), updating the duals of visited columns. */
function augment({ values, columns, sign, columnOf, rowOf, duals }: Problem, free: Int32Array): void {
  const distance = new Float64Array(columns);
  const settled = new Float64Array(columns);
  const openDuals = new Float64Array(columns);
  const reachedFrom = new Int32Array(columns);
  const visited = new Int32Array(columns);
  for (const root of free) {
    distance.fill(Infinity);
    openDuals.set(duals);
    let count = 0;
    let row = root;
    let shift = 0;
    let end = FREE;
    let shortest = 0;
    while (end === FREE) {
      const start = row * columns;
      shortest = Infinity;
      let nearest = 0;
      for (let j = 0; j < columns; j += 1) {
        // Settled columns have dual −∞ and distance ∞ here, so they never win.
        const reduced = sign * (values[start + j] ?? NaN) - (openDuals[j] ?? NaN) - shift;
        let known = distance[j] ?? NaN;
        if (reduced < known) {
          known = reduced;
          distance[j] = reduced;
          reachedFrom[j] = row;
        }
        if (known < shortest || (known === shortest && rowOf[j] === FREE && rowOf[nearest] !== FREE)) {
          shortest = known;
          nearest = j;
        }
      }
      const owner = rowOf[nearest] ?? FREE;
      if (owner === FREE) {
        end = nearest;
        break;
      }
      settled[nearest] = shortest;
      visited[count] = nearest;
      count += 1;
      shift = sign * (values[owner * columns + nearest] ?? NaN) - (duals[nearest] ?? NaN) - shortest;
      distance[nearest] = Infinity;
      openDuals[nearest] = -Infinity;
      row = owner;
    }
    for (let at = 0; at < count; at += 1) {
      const j = visited[at] ?? 0;
      duals[j] = (duals[j] ?? NaN) + (settled[j] ?? NaN) - shortest;
    }
    for (let column = end; ;) {
      const from = reachedFrom[column] ?? root;
      const before = columnOf[from] ?? FREE;
      rowOf[column] = from;
      columnOf[from] = column;
      if (from === root) break;
      column = before;
    }
  }
}

function solution({ values, rows, columns, sign, columnOf, duals }: Problem): Assignment {
  const rowDuals = new Float64Array(rows);
  let total = 0;
  for (let i = 0; i < rows; i += 1) {
    const j = columnOf[i] ?? FREE;
    const cost = values[i * columns + j] ?? NaN;
    total += cost;
    rowDuals[i] = cost - sign * (duals[j] ?? NaN);
  }
  return {
    columnOfRow: Uint32Array.from(columnOf),
    total,
    rowDuals,
    columnDuals: sign === 1 ? duals : duals.map((value) => 0 - value),
  };
}
