export { PartFailures } from './audit-failures.js';
export { auditProgramme, type AuditWindow } from './audit-programme.js';
export { comparedFingerprints } from './compared-fingerprints.js';
export { fullControls } from './full-controls.js';
export { inWindow } from './in-window.js';
export { comparisonName } from './part-names.js';
