export { findTemporal, type FoundTemporal } from './find-temporal.js';
export { findVersitygw } from './find-versitygw.js';
export { killProcess, startLocalFleet, type LocalFleet } from './local-fleet.js';
export { startTemporal, type TemporalServer } from './start-temporal.js';
export { startVersitygw, type VersitygwServer } from './start-versitygw.js';
export { uploadZoo } from './upload-zoo.js';
