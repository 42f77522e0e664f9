export { auditProgramme } from './audit-programme.js';
export type { CarriedAudit } from './carried-audit.js';
export { stageWindow, type StageWindow } from './stage-window.js';
