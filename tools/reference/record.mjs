/** Figures that every record has; what was not measured is null, what was not counted 0. */
const EMPTY = {
  status: 'measured',
  z: null,
  log10_p: null,
  r: null,
  r_interval: null,
  r_min: null,
  n_eff: null,
  units: null,
  ceiling: null,
  tensors: 0,
  features: 0,
  parameters: 0,
  layer_map: 'identity',
  maps_tried: 1,
  blocks: [],
  skipped: [],
  details: {},
};

export function record(figures) {
  return { ...EMPTY, ...figures };
}

/** Nothing could be paired. */
export function notApplicable(skipped = []) {
  return record({ status: 'not_applicable', skipped });
}

export function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

export function mean(values) {
  return sum(values) / values.length;
}
