import { cosine } from './context-records.mjs';
import { mantelCovariance, mantelTest, unitGram } from './mantel.mjs';
import {
  addTo,
  centred,
  innerProduct,
  isConstant,
  norm,
  scaled,
  timesTransposed,
  zeros,
} from './matrices.mjs';
import { log10P } from './normal-tail.mjs';
import { ofComponent } from './pairs.mjs';
import { residualGram } from './residual-gram-record.mjs';
import { traceTest } from './trace.mjs';

/** Features of a layer that a map compares, the first; spread over the experts where a role has some. */
const FEATURES = 96;

/** What a cell must exceed to be worth a step of the path. */
const KAPPA = 3;

/** z from which a cell names the layer that another one comes from. */
const CELL_Z = 8;

/** Tensors of every role by layer, in order: one, or one per expert. */
function layersByRole(model, component) {
  const roles = new Map();
  for (const tensor of ofComponent(model, component)) {
    if (tensor.layer === null || tensor.factor === null || tensor.part !== 'weight') continue;
    if (!roles.has(tensor.role)) roles.set(tensor.role, new Map());
    const layers = roles.get(tensor.role);
    layers.set(tensor.layer, [...(layers.get(tensor.layer) ?? []), tensor]);
  }
  return roles;
}

/**
 * Layer × layer maps of a component: trace cells where features can be matched; Mantel cells of residual Grams where
 * they cannot, and for experts beside the trace.
 */
export function mapRecords(subject, reference, component) {
  const own = layersByRole(subject, component);
  const other = layersByRole(reference, component);
  const maps = [];
  for (const [role, rows] of own) {
    const columns = other.get(role);
    if (columns === undefined) continue;
    const layers = { row_layers: [...rows.keys()], column_layers: [...columns.keys()] };
    const tensors = [...rows.values(), ...columns.values()];
    const shapes = new Set(tensors.flat().map(({ factor }) => `${factor.length}x${factor[0].length}`));
    // Experts that every layer of both has; null alone stands for a role without experts.
    const experts = tensors[0]
      .map(({ expert }) => expert)
      .filter((expert) => tensors.every((layer) => layer.some((tensor) => tensor.expert === expert)));
    if (shapes.size === 1) {
      const cut = (layer) => firstFeatures(layer, experts);
      maps.push({
        component,
        role,
        statistic: 'trace',
        ...layers,
        ...traceMap([...rows.values()].map(cut), [...columns.values()].map(cut), layers),
      });
      if (experts[0] === null) continue;
    }
    if (tensors[0][0].axis === 'vector') continue;
    maps.push({
      component,
      role,
      statistic: 'gram',
      ...layers,
      ...gramMap([...rows.values()].map(residualGram), [...columns.values()].map(residualGram)),
    });
  }
  return maps;
}

function firstFeatures(tensors, experts) {
  const each = Math.ceil(FEATURES / experts.length);
  const factors = experts.map((expert) => tensors.find((tensor) => tensor.expert === expert).factor);
  return factors[0].map((_, unit) =>
    Float64Array.from(factors.flatMap((factor) => [...factor[unit].slice(0, each)])),
  );
}

/** Cell (i, j) is the trace test of A_i against B_j. */
function traceMap(a, b, layers) {
  const tests = a.flatMap((left) => b.map((right) => traceTest(left, right)));
  const z = tests.map((test) => test?.z ?? null);
  const best = bestColumns(z, a.length, b.length);
  return {
    ...cellFigures(tests, a, b, diagonalOfTraces(a, b)),
    cosine: a.flatMap((left) => b.map((right) => cosine(left, right))),
    alignment: {
      best: best.map((column) => (column === null ? null : layers.column_layers[column])),
      // The path is searched where depths differ or the map is not the identity.
      path_score: isSearched(best, a.length, b.length) ? pathScore(z, a.length, b.length) : null,
    },
  };
}

function gramMap(a, b) {
  const tests = a.flatMap((left) => b.map((right) => mantelTest(left, right)));
  return {
    ...cellFigures(tests, a, b, diagonalOfGrams(a, b)),
    cosine: tests.map(() => null),
    alignment: null,
  };
}

function cellFigures(tests, a, b, diagonal) {
  return {
    rows: a.length,
    columns: b.length,
    r: tests.map((test) => test?.r ?? null),
    z: tests.map((test) => test?.z ?? null),
    diagonal_z: diagonal,
    diagonal_log10_p: diagonal === null ? null : log10P(diagonal),
  };
}

/** W of D = Σ W_ij r_ij: 1/L on the diagonal, −1/(number of others) elsewhere; null where there are no others. */
function diagonalWeights(rows, columns) {
  const onDiagonal = Math.min(rows, columns);
  const others = rows * columns - onDiagonal;
  if (others === 0) return null;
  return (i, j) => (i === j ? 1 / onDiagonal : -1 / others);
}

/**
 * z of D = Σ W_ij r_ij. One permutation acts on every cell, so
 * Var D = Σ W_ij W_kl Cov(r_ij, r_kl) = ‖Σ W_ij Ac_i Bc_j'/(‖Ac_i‖‖Bc_j‖)‖²/(n−1).
 */
function diagonalOfTraces(a, b) {
  const weight = diagonalWeights(a.length, b.length);
  if (weight === null) return null;
  const n = a[0].length;
  const unit = (factor) =>
    isConstant(factor) ? scaled(factor, 0) : scaled(centred(factor), 1 / norm(centred(factor)));
  const [unitsA, unitsB] = [a.map(unit), b.map(unit)];
  const total = zeros(n, n);
  let d = 0;
  unitsA.forEach((left, i) => {
    unitsB.forEach((right, j) => {
      addTo(total, timesTransposed(left, right), weight(i, j));
      d += weight(i, j) * innerProduct(left, right);
    });
  });
  return d / Math.sqrt(innerProduct(total, total) / (n - 1));
}

/** The same with r_ij of unit Grams and Var D = Σ W_ij W_kl Cov(T_ij, T_kl) as Mantel gives it. */
function diagonalOfGrams(a, b) {
  const weight = diagonalWeights(a.length, b.length);
  if (weight === null) return null;
  const [unitsA, unitsB] = [a.map(unitGram), b.map(unitGram)];
  let d = 0;
  let variance = 0;
  unitsA.forEach((left, i) => {
    unitsB.forEach((right, j) => {
      d += weight(i, j) * innerProduct(left, right);
      unitsA.forEach((otherLeft, k) => {
        unitsB.forEach((otherRight, l) => {
          variance += weight(i, j) * weight(k, l) * mantelCovariance(left, otherLeft, right, otherRight);
        });
      });
    });
  });
  return d / Math.sqrt(variance);
}

/** Column of the largest z of each row, where that is at least 8. */
function bestColumns(z, rows, columns) {
  return Array.from({ length: rows }, (_, row) => {
    const cells = z.slice(row * columns, (row + 1) * columns).map((value) => value ?? -Infinity);
    const largest = Math.max(...cells);
    return largest >= CELL_Z ? cells.indexOf(largest) : null;
  });
}

function isSearched(best, rows, columns) {
  if (rows !== columns) return true;
  return best.some((column) => column !== null) && best.some((column, row) => column !== row);
}

/** S[i,j] = max(S[i−1,j−1] + Z[i,j] − κ, S[i−1,j], S[i,j−1]). */
function pathScore(z, rows, columns) {
  const s = zeros(rows + 1, columns + 1);
  for (let i = 1; i <= rows; i += 1) {
    for (let j = 1; j <= columns; j += 1) {
      const cell = z[(i - 1) * columns + j - 1];
      const step = cell === null ? -Infinity : s[i - 1][j - 1] + cell - KAPPA;
      s[i][j] = Math.max(step, s[i - 1][j], s[i][j - 1]);
    }
  }
  return s[rows][columns];
}
