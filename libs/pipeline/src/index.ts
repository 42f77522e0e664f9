export { auditProgramme, type AuditWindow } from './audit-programme.js';
export { inWindow } from './in-window.js';
