import { factorOf } from './simulated-factors.js';

/** The worked example: features × units, the transposes of A and B as usually written. */
export const A = factorOf([
  [2, 1, -3, 0],
  [-1, 3, 0, 2],
  [0, -2, 1, 4],
]);
export const B = factorOf([
  [1, 2, -1, 0],
  [0, 1, 1, -2],
  [2, -1, 3, 1],
]);
/** A second tensor on the same four units. */
export const SECOND_A = factorOf([[1, 3, -2, 2]]);
export const SECOND_B = factorOf([[2, 1, 0, 3]]);
