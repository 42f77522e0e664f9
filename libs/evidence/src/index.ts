export {
  compareModels,
  presentComponents,
  type CompareOptions,
  type PairEvidence,
} from './compare-models.js';
export { createJointTrace, type JointTraceBuilder, type JointTraceResult } from './joint-trace.js';
export { traceOfPairs } from './trace.js';
export { pairTensors, componentTensors, type TensorPair } from './paired-tensors.js';
export { isSkipped, loadPairedFactor, toFactor, type PairedFactor } from './paired-factor.js';
export { contiguousMaps, IDENTITY_MAP, type ContiguousMap } from './layer-map.js';
export { informationBits } from './byte-identity.js';
