export { createActivities, type ActivityDeps, type PublishResult } from './create-activities.js';
export {
  openLocalWorkspace,
  openParts,
  type LocalWorkspace,
  type LocalWorkspaceOptions,
} from './local-workspace.js';
export { loadOutcome, runAudit, type AuditOutcome, type RunAuditOptions } from './run-audit.js';
export { loadJson, sha256, storeJson } from './evidence-store.js';
export { loadPage, loadPages, storePage } from './page-store.js';
export { loadBatch } from './comparison-batches.js';
export { compareSources, type CompareSourcesOptions, type SourceComparison } from './compare-sources.js';
export { planAudit, type DryRun, type PlannedModelWork } from './plan-audit.js';
export type { WorkEstimate } from './estimate-work.js';
export { fingerprintSource, openSource, type FingerprintDeps, type Source } from './load-model.js';
export { decideAgain, type DecideAgainOptions, type DecidedBefore } from './decide-again.js';
export { readProgramme } from './read-programme.js';
export { readRules } from './read-rules.js';
export { createWatchActivities, type WatchDeps } from './watch/create-watch-activities.js';
export { readWatched, type WatchedProgramme } from './watch/read-watched.js';
export { readText } from './read-text.js';
export {
  parseProgramme,
  parseRuleSet,
  programmeTemplate,
  resolveSource,
  validateComparison,
  validateManifest,
  validateResult,
  validateTrajectory,
} from './programme/index.js';
export { VERSION } from './version.js';
export { TOOL } from './tool.js';
export { parseReproduceCommand, type Reproduction } from './reproduce-command.js';
export { compareComponents } from './compare-components.js';
export { createComparer, createThreadedComparer, type Comparer } from './comparer.js';
export { measuredModel } from './measured-model.js';
export { besideControls, type DisguiseControl, type DisguiseQuestion } from './disguise-controls.js';
export { needsDisguise } from './needs-disguise.js';
export { testTrajectory, type TrajectoryOptions } from './training/trajectory.js';
export { documentFigures } from './document-figures.js';
export { reproducePair } from './reproduce-pair.js';
export { reproduceSelfTests } from './reproduce-self-tests.js';
export { reproduceTraining } from './training/reproduce-training.js';
export { REPRODUCE_TOLERANCE, type ReproducedFigure } from './reproduced-figure.js';
