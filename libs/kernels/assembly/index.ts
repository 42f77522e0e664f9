export { decodeRuns } from './decode';
export { histogram16, histogram8, mergeHistogram } from './histogram';
export { countEqual, pairSums } from './pair-sums';
export { clearMoments, moments } from './moments';
export { cross } from './cross';
