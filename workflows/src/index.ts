export { auditProgramme } from './audit-programme.js';
export { compareWindow, type CompareWindow } from './compare-window.js';
