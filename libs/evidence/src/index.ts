export {
  compareModels,
  presentComponents,
  type CompareOptions,
  type PairEvidence,
} from './compare-models.js';
export { countGroups, keepGroup, type LookedAt } from './keep-group.js';
export { NOT_KEPT, type PartialResults } from './partial-results.js';
export { GROUP_PARAMETERS, tensorGroups } from './tensor-groups.js';
export { createJointTrace, type JointTraceBuilder } from './joint-trace.js';
export { traceOfPairs } from './trace-of-pairs.js';
export { pairTensors, componentTensors, type TensorPair } from './paired-tensors.js';
export { isSkipped, loadPairedFactor, toFactor, type PairedFactor } from './paired-factor.js';
export { contiguousMaps, IDENTITY_MAP, type ContiguousMap } from './layer-map.js';
export { informationBits } from './byte-identity.js';
export { RESIDUAL_AXIS_ORDERED } from './not-measured.js';
export { selfTests } from './self-tests.js';
export {
  ALIGNED_R,
  ALIGNED_Z,
  alignmentDigest,
  calibrateDisguise,
  disguiseEvidence,
  encodeAlignmentMap,
  IN_PLACE,
  type AlignedPart,
  type AlignmentMap,
  type CalibratedStatistic,
  type ControlPair,
  type DisguiseCalibration,
  type DisguiseEvidence,
  type DroppedControl,
  type ModelPair,
} from './disguise/index.js';
export { checkpointDigests, fileDigest, type DigestedCheckpoint } from './training/checkpoint-digests.js';
export type { ReadableCheckpoint } from './training/checkpoint-distance.js';
export { computePlausible } from './training/compute-plausible.js';
export { descendsFromStep0, type StartMeasurement } from './training/descends-from-step0.js';
export { jointScore } from './training/joint-score.js';
export { declaredRate, loggedRate, type LearningRate } from './training/learning-rate.js';
export { logAgainstEvaluation } from './training/log-against-evaluation.js';
export { logConsistent, type LogInputs } from './training/log-consistent.js';
export { compareHistories, logFilesAgree, type FileComparison } from './training/log-files-agree.js';
export {
  measureNeighbours,
  type NeighbourMeasurement,
  type TrajectoryCheckpoint,
} from './training/measure-neighbours.js';
export { rateSum } from './training/optimiser-reach.js';
export { pathSmooth } from './training/path-smooth.js';
export { referencesFlat, type ReferenceMeasurement } from './training/references-flat.js';
export { shareOfStart } from './training/share-of-start.js';
export { step0FromSeed } from './training/step0-from-seed.js';
export { step0Initialisation } from './training/step0-initialisation.js';
export { context, createFindings, judged, limited, notProvided } from './training/training-test.js';
