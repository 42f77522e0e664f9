import { COMBINATIONS } from './combinations.js';
import { CONTROLS } from './controls.js';
import { DISGUISES } from './disguises.js';
import { LAYERS } from './layers.js';
import { NOISE_AND_MERGES } from './noise-and-merges.js';
import { PARTIAL_COPIES } from './partial-copies.js';
import type { PowerCase } from './power-case.js';
import { FORMAT_CHANGES, PRUNING, UPCYCLING } from './pruning-and-formats.js';

/** Every transformation of the suite, in the order of its table. */
export const POWER_CASES: readonly PowerCase[] = [
  ...NOISE_AND_MERGES,
  ...LAYERS,
  ...DISGUISES,
  ...PRUNING,
  ...UPCYCLING,
  ...FORMAT_CHANGES,
  ...PARTIAL_COPIES,
  ...COMBINATIONS,
  ...CONTROLS,
];
