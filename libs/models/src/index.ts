export { readCheckpoint } from './checkpoint/read-checkpoint.js';
export { mapCheckpoint, type CheckpointParts } from './tensors/map-checkpoint.js';
export { blockScales } from './tensors/block-scales.js';
export { parseConfig, type ModelConfig } from './config/parse-config.js';
export type { Layout } from './config/layout.js';
export { parseTokenizer } from './tokenizers/parse-tokenizer.js';
export { parseTekken, parseTiktoken } from './tokenizers/parse-ranked-tokens.js';
export { findRecords, runIdOf, TRAINING_JSON, type RecordFiles } from './training/find-records.js';
export type { HistoryRow } from './training/history-row.js';
export { MAX_TRAINING_JSON_BYTES, parseTrainingRecord } from './training/parse-training-record.js';
export { readHistoryLines } from './training/read-history-lines.js';
export { readWandb, type WandbFacts, type WandbRun } from './training/read-wandb.js';
export { collectLog, LOG_COLUMNS, type LogColumn, type TrainingLog } from './training/training-log.js';
export type {
  DeclaredCheckpoint,
  DeclaredHardware,
  DeclaredInitialisation,
  DeclaredOptimiser,
  DeclaredSchedule,
  InitialLaw,
  TrainingRecord,
} from './training/training-record.js';
export type { CutTail } from './training/wandb-frames.js';
