export { calibration, calibrationComponent, run } from './run.js';
export { coverage, excludedTensor, file, finding, fingerprint, model, modelComponent } from './model.js';
export { tensor, tensorList } from './tensor.js';
export { failure } from './failure.js';
export { release, releaseComponent } from './release.js';
export { ruleEvaluation, ruleEvaluationReason } from './rule-evaluation.js';
export { documentHead, documentPair } from './document.js';
export { declaredAncestor, teamReply } from './statement.js';
export { training, trainingPoint, trainingTest } from './training.js';
export { alignment, comparison, control, layerMap } from './comparison.js';
export {
  evidence,
  evidenceBlock,
  evidenceSkipped,
  selfTest,
  selfTestBlock,
  selfTestSkipped,
} from './evidence.js';
export { verdict, verdictReason } from './verdict.js';
