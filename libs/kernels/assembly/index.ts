export { decodeRuns } from './decode';
export { drainHistogram, histogram16, histogram8, mergeHistogram } from './histogram';
export { addBf16Pairs, countEqual, pairSums } from './pair-sums';
export { clearMoments, moments } from './moments';
export { cross } from './cross';
