export {
  calibrate,
  lambdaFor,
  MIN_CALIBRATION_PAIRS,
  UNCALIBRATED_LAMBDA,
  uncalibratedWidths,
  type UncalibratedWidth,
} from './calibrate.js';
export { evaluateRules } from './criteria/evaluate-rules.js';
export type { CriterionCase, JudgedPair } from './criteria/criterion-case.js';
export { decideAudit, type DecideInput, type PairToDecide } from './decide.js';
export type { PairDisguise } from './disguise-evidence.js';
export type { ControlMeasurements, FailedControls } from './controls.js';
export { failedPairVerdict, hasFailed, type FailedPair, type FailedPairCode } from './failed-pair.js';
export { leaderboard } from './leaderboard.js';
export type { MeasuredComponent, MeasuredModel, MeasuredPair, StatisticKind } from './measurements.js';
export { rollUp, type RollUp } from './roll-up.js';
export { DEFAULT_THRESHOLDS } from './rule-set.js';
