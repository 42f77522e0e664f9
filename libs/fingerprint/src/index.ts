export { SAMPLING_SCHEME, sampleIndices, sampleTokens, type SampleSeed } from './sampling.js';
export {
  DEFAULT_FEATURES,
  factorShape,
  planSample,
  type CheckpointSample,
  type SamplePlan,
} from './sample-plan.js';
export { planReads, type ReadTask } from './read-plan.js';
export { createTaskRunner, type TaskRunner, type TaskRunnerOptions } from './task-runner.js';
export { fingerprintCheckpoint, type FingerprintOptions } from './fingerprint-checkpoint.js';
export {
  planFingerprint,
  taskBytes,
  taskKey,
  type FingerprintPlan,
  type KeyedTask,
} from './plan-fingerprint.js';
export { readParts } from './read-parts.js';
export {
  FINGERPRINT_FILE,
  SAMPLES_FILE,
  readFingerprint,
  sealFingerprint,
  writeFingerprint,
  type Fingerprint,
} from './fingerprint-file.js';
export type { FactorData, ModelData } from './model-data.js';
export { createMemo, type Memo } from './memo.js';
export { holdSamples } from './hold-samples.js';
export { openFingerprint } from './open-fingerprint.js';
export { openCheckpoint } from './open-checkpoint.js';
export { int8Model } from './int8-model.js';
export { openStoredFingerprint } from './open-stored.js';
export {
  loadDocument,
  loadFingerprint,
  storeFingerprint,
  type AddressedDocument,
  type OpenPart,
  type PartStore,
} from './stored-fingerprint.js';
export { createWorkerPool, type WorkerPool } from './worker-pool.js';
export { serveRequests } from './serve-requests.js';
export { describeError, reviveError, type ErrorMessage } from './worker-errors.js';
