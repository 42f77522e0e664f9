export { fetchMoonshine, type MoonshineFolders } from './moonshine/fetch-moonshine.js';
export type { CaseResult, ComponentResult } from './power/audit/case-result.js';
export { REFERENCES, type ReferenceModel } from './power/audit/references.js';
export { runCases, type RunOptions } from './power/audit/run-cases.js';
export { POWER_CASES } from './power/cases/index.js';
export type { PowerCase } from './power/cases/power-case.js';
export { powerDocument } from './power/report/power-document.js';
