export { calibration, run } from './run.js';
export { coverage, excludedTensor, file, finding, fingerprint, model, modelComponent } from './model.js';
export { release, releaseComponent } from './release.js';
export { comparison, control, layerMap } from './comparison.js';
export { evidence, evidenceBlock, evidenceSkipped } from './evidence.js';
export { verdict, verdictReason } from './verdict.js';
