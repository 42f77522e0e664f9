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
  jointTrace,
  jointTraceOfSquares,
  type JointTrace,
  type JointTraceSums,
  type JointTraceTest,
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
export {
  drawnPermutations,
  pairedPermutationTail,
  pairedScrambles,
  permutedInnerProducts,
  type PermutationDraw,
} from './paired-permutations.js';
export { centreGram, mantelMoments, type MantelMoments } from './mantel.js';
export { jointGram } from './joint-gram.js';
export { jointGramOfMoments, type GramLayer, type JointGram } from './joint-gram-moments.js';
export {
  createPackedGrams,
  packedLength,
  packedMoments,
  packGram,
  unpackGram,
  type PackedGrams,
} from './packed-grams.js';
export { gramCells, unitGram, type UnitGram } from './gram-cells.js';
export { diagonalOfGrams } from './gram-diagonal.js';
export {
  gramPermutationTail,
  gramScrambles,
  packedGramScrambles,
  type WeightedGrams,
  type WeightedSlots,
} from './gram-permutations.js';
export { combineGroups, stouffer, type CombinedGroups, type GroupStatistic } from './stouffer.js';
export {
  balancedRank,
  projectOutLeading,
  restBeside,
  splitAlong,
  splitLeading,
  splitRank,
  type SplitFactor,
} from './balanced-factor.js';
export {
  leadingDirectionsBy,
  type DirectionPrecision,
  type Directions,
  type FactorProducts,
} from './leading-directions.js';
export { erfc } from './erfc.js';
export { log10PTwoSided, normalQuantile, normalQuantileFromP, zFromLog10P } from './normal-tail.js';
export { bestOfPrimaries, holm } from './multiple-testing.js';
export { collisionMoments, collisionZ, type CollisionMoments } from './collision.js';
export { midRanks, partialCorrelation, pearson, rawCosine, spearman } from './correlation.js';
export { calibratedZ, lambdaFromZ } from './calibration.js';
export { linearAssignment, type Assignment, type CostMatrix } from './assignment.js';
export { rawCosines } from './raw-cosines.js';
export { rowProducts, type RowProducts } from './row-products.js';
export { logFactorial, logGamma } from './log-gamma.js';
export { log10PStudent } from './student-tail.js';
export { log10PoissonLower, log10PoissonUpper } from './poisson-tail.js';
export { fisherCombination, type FisherCombination } from './fisher-combination.js';
export { matchingSpearman, type MatchingSpearman } from './matching-spearman.js';
export {
  fixedPoints,
  fixedPointsLog10P,
  fixedPointsOverBlocks,
  type BlockFixedPoints,
  type FixedPointsOverBlocks,
} from './fixed-points.js';
export { selectionTail, type SelectionDraw, type SelectionTail } from './selection-tail.js';
export {
  matchedMean,
  matchedMeanNull,
  matchedMeanTail,
  type MatchedMean,
  type RouterPair,
} from './matched-mean.js';
export {
  orderedPath,
  orderedPathScore,
  PATH_PENALTY,
  type LayerScores,
  type OrderedPath,
} from './ordered-path.js';
export { rowArgmaxMap, type LayerMap } from './layer-map.js';
export {
  layerMapPattern,
  type LayerMapPattern,
  type LayerPattern,
  type LayerRun,
} from './layer-map-pattern.js';
export { mixFeatures } from './mix-features.js';
export { alignmentNull, type AlignmentOptions, type LayerAlignment } from './alignment-null.js';
export { polarFactor, type PolarFactor, type TransposedProduct } from './polar-factor.js';
export { haarTrace, type HaarTrace } from './haar-trace.js';
export { singularValues } from './singular-values.js';
export { tridiagonalEigenvalues } from './tridiagonal-eigenvalues.js';
export { unbiasedCka } from './unbiased-cka.js';
export {
  adjustedZ,
  controlMargins,
  FEWEST_CONTROLS,
  type AdjustedZ,
  type ControlMargins,
} from './adjusted-z.js';
export { log10Cauchy, log10MeanEValue } from './combined-p.js';
