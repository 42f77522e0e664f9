export { DTYPE_BITS, isDtype, type Dtype } from './dtype.js';
export type { ByteRange, ByteSource, ObjectInfo, ObjectStore } from './byte-source.js';
export type { BlockScales, PairSums, TensorBackend, TensorView } from './tensor-backend.js';
export { BACKEND_CHOICES, type BackendChoice, type NumericClass } from './tensor-backend.js';
export {
  AccessDenied,
  AuditIncomplete,
  ClassUnavailable,
  ControlFailed,
  DatabaseUnavailable,
  DigestMismatch,
  FleetUnavailable,
  JokboError,
  MalformedCheckpoint,
  ObjectChanged,
  ObjectMissing,
  StorageFull,
  StorageUnavailable,
  UnsupportedArchitecture,
  UnsupportedDtype,
  UsageError,
  type ErrorContext,
} from './errors.js';
export { COMPONENTS, SCOPES, TEXT_COMPONENTS, type Component, type Scope } from './component.js';
export type {
  AuditFailures,
  FailedComparison,
  FailedModel,
  FailedPart,
  FailedTraining,
  FailureCause,
} from './failures.js';
export type {
  Architecture,
  Checkpoint,
  CheckpointFile,
  ExcludedTensor,
  ExclusionReason,
  LogicalTensor,
  StoredTensor,
  Stream,
  TensorCut,
  TensorRole,
  Vocabulary,
} from './checkpoint.js';
export {
  METHODS,
  type BlockRecord,
  type EvidenceRecord,
  type EvidenceStatus,
  type LayerAlignment,
  type LayerMap,
  type Method,
  type SkippedTensor,
} from './evidence.js';
export {
  POSITIVE_VERDICTS,
  VERDICTS,
  type Calibration,
  type CalibrationCell,
  type ComponentVerdict,
  type ControlKind,
  type ControlRecord,
  type PairVerdict,
  type VerdictClass,
  type VerdictReason,
} from './verdict.js';
export {
  RESULT_FIGURES,
  type CodedSentence,
  type FigureKind,
  type FigureKinds,
  type NamedControl,
  type ResultFigures,
} from './result-figures.js';
export { RESULT_MESSAGES, type ResultMessage } from './result-messages.js';
export {
  resultSentence,
  writeSentence,
  type FigureWriters,
  type WrittenSentence,
} from './result-sentence.js';
export type {
  ControlEntries,
  EvidenceBudget,
  LineageEntry,
  Programme,
  ReferenceEntry,
  SubjectEntry,
} from './programme.js';
export type {
  ComponentsCriterion,
  Criterion,
  CriterionKind,
  CriterionOutcome,
  CriterionResult,
  DeclarationsCriterion,
  DeclaredLineageCriterion,
  InheritedShareCriterion,
  LicenceCriterion,
  RequiredBySize,
  RequiredR,
  RuleEvaluation,
  RuleSet,
  RuleThresholds,
  TrainingCriterion,
} from './rule-set.js';
export type {
  Coverage,
  DecidingRules,
  LeaderboardRow,
  ModelSummary,
  PairResult,
  RecoveredAlignment,
  ResultDocument,
  SelfTestResult,
} from './result.js';
export type { FingerprintDocument, SampleSummary, TensorMoments, TensorSummary } from './fingerprint.js';
export {
  COMPARISON_STEPS,
  type Activities,
  type AuditPlan,
  type AuditRequest,
  type BatchActivities,
  type BatchLimits,
  type ComparedBatch,
  type ComparisonBatch,
  type ComparisonKind,
  type ComparisonStep,
  type DueComparisons,
  type EvidenceReference,
  type FingerprintReference,
  type MadeBatch,
  type PlannedComparison,
  type PlannedModel,
  type ResultReference,
  type ShardGroup,
  type TrainingReference,
} from './activities.js';
export type { BundleFile, BundleManifest, MeasuredBackend, NamedBackend } from './bundle-manifest.js';
export {
  DEFAULT_PRIORITY,
  FLEET_DEPLOYMENT,
  FLEET_MESSAGES,
  FLEET_NAMESPACE,
  FLEET_QUEUES,
  FLEET_SEARCH_ATTRIBUTES,
  type FleetActivities,
  type FleetRouting,
  type FleetCount,
  type FleetFailure,
  type FleetOutcome,
  type FleetPriority,
  type FleetProgress,
  type FleetRole,
  type FleetStage,
  type MadeGroups,
  type ReadShards,
  type MadeFingerprint,
} from './fleet.js';
export type { DeclaredAncestor, TeamReply, TeamStatements } from './statements.js';
export {
  WATCH_ACTIVITIES,
  WATCH_WORKFLOW,
  type Admission,
  type FoundRelease,
  type ReleaseLook,
  type WatchActivities,
  type WatchedEnd,
  type WatchedPrefix,
  type WatchOutcome,
  type WatchRequest,
  type WatchSettings,
} from './watch.js';
export { canonicalJson, type Json } from './canonical-json.js';
export {
  MalformedTrainingRecord,
  TRAINING_TESTS,
  type ReferencePoint,
  type TrainingFigure,
  type TrainingFinding,
  type TrainingOutcome,
  type TrainingRecords,
  type TrainingSection,
  type TrainingTest,
  type TrainingTestName,
  type TrajectoryDocument,
  type TrajectoryPoint,
} from './training.js';
export {
  TRAINING_FINDINGS,
  TRAINING_GAPS,
  type TrainingFindingCode,
  type TrainingGap,
} from './training-codes.js';
export { EXPORT_FORMATS, type ExportFormat } from './export-format.js';
export { countProgress, type CountedProgress, type StageCount } from './count-progress.js';
export { SILENT, type Progress, type Stage } from './progress.js';
export { YOUNG_GENERATION_MB } from './young-generation.js';
