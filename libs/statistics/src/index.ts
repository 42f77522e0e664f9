export { centreFeatures, permuteUnits, type CentredFactor, type Factor, type Values } from './factor.js';
export { dot, featureGram, innerProduct, multiply, squaredNorm, unitCross } from './matrix-products.js';
export { doubleCentre } from './double-centre.js';
export {
  effectiveInterval,
  REJECTION_Z,
  smallestDetectableGramR,
  smallestDetectableR,
} from './effect-size.js';
export {
  traceCeiling,
  traceMoments,
  traceMomentsOfCross,
  type CrossProduct,
  type TraceMoments,
} from './trace.js';
export {
  createTraceAccumulator,
  type JointTrace,
  type TensorCross,
  type TensorTrace,
  type TraceAccumulator,
} from './joint-trace.js';
export { layerCells, type LayerCells } from './layer-cells.js';
export { meanCorrelationVariance, vectorTrace, type VectorTrace } from './vector-trace.js';
export {
  diagonalOfMatrices,
  diagonalOfVectors,
  diagonalWeights,
  type DiagonalStatistic,
} from './diagonal.js';
export { createRandom, identityPermutation, shuffle, type Random } from './random.js';
export { type PermutationTail } from './permutation-tail.js';
export { pairedPermutationTail, pairedScrambles, type PermutationDraw } from './paired-permutations.js';
export { centreGram, mantelMoments, type MantelMoments } from './mantel.js';
export {
  createGramAccumulator,
  jointGram,
  type GramAccumulator,
  type GramLayer,
  type JointGram,
} from './joint-gram.js';
export { gramPermutationTail, gramScrambles, type WeightedGrams } from './gram-permutations.js';
export { combineGroups, stouffer, type CombinedGroups, type GroupStatistic } from './stouffer.js';
export {
  balancedRank,
  projectOutLeading,
  splitLeading,
  splitRank,
  type SplitFactor,
} from './balanced-factor.js';
export { erfc } from './erfc.js';
export { log10PTwoSided, normalQuantile, normalQuantileFromP, zFromLog10P } from './normal-tail.js';
export { bestOfPrimaries, holm } from './multiple-testing.js';
export { collisionMoments, collisionZ, type CollisionMoments } from './collision.js';
export { partialCorrelation, pearson, rawCosine, spearman } from './correlation.js';
export { calibratedZ, lambdaFromZ } from './calibration.js';
