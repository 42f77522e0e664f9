export { auditProgramme } from './audit-programme.js';
export { auditWatched, type WatchedAudit } from './audit-watched.js';
export type { CarriedAudit } from './carried-audit.js';
export { compareBatch, type BatchOutcome, type BatchRequest } from './compare-batch.js';
export { stageWindow, type StageWindow } from './stage-window.js';
export { watchProgramme } from './watch-programme.js';
