export { builtInRules, isBuiltIn } from './built-in-rules.js';
export { parseProgramme, parseProgrammeFile, withRules, type ParsedProgramme } from './parse-programme.js';
export { parseRuleSet } from './parse-rule-set.js';
export { programmeTemplate } from './programme-template.js';
export { resolveSource } from './resolve-source.js';
export {
  validateComparison,
  validateManifest,
  validateResult,
  validateTrajectory,
} from './validate-document.js';
