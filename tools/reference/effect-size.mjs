/** 99 % interval of r, the smallest r found at |z| = 8, and what they follow from. */
export function effectSize(z, r, nEff, { power }) {
  // Rounding can put a correlation beyond ±1, where atanh has no value.
  const centre = Math.atanh(Math.max(-1, Math.min(1, r)));
  const half = 2.576 / Math.sqrt(nEff);
  return {
    z,
    r,
    n_eff: nEff,
    r_interval: [Math.tanh(centre - half), Math.tanh(centre + half)],
    r_min: (8 + power) / Math.sqrt(nEff),
  };
}

/** Quantile of 99 % power, part of r_min of the trace; r_min of Gram statistics is threshold/√n_eff. */
export const TRACE_POWER = 2.326;
export const GRAM_POWER = 0;
