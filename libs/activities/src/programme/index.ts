export { parseProgramme } from './parse-programme.js';
export { programmeTemplate } from './programme-template.js';
export { resolveSource } from './resolve-source.js';
export { validateComparison, validateResult, validateTrajectory } from './validate-document.js';
