export { auditProgramme, type AuditWindow } from './audit-programme.js';
export { fullControls } from './full-controls.js';
export { inWindow } from './in-window.js';
