export { disguiseEvidence, type DisguiseEvidence } from './disguise-evidence.js';
export {
  alignmentDigest,
  IN_PLACE,
  encodeAlignmentMap,
  type AlignedPart,
  type AlignmentMap,
} from './alignment-map.js';
export {
  ALIGNED_R,
  ALIGNED_Z,
  calibrateDisguise,
  type CalibratedStatistic,
  type ControlPair,
  type DisguiseCalibration,
  type DroppedControl,
} from './calibrate-disguise.js';
export type { ModelPair } from './model-pair.js';
