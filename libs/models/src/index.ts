export { readCheckpoint } from './checkpoint/read-checkpoint.js';
export { mapCheckpoint, type CheckpointParts } from './tensors/map-checkpoint.js';
export { blockScales } from './tensors/block-scales.js';
export { parseConfig, type ModelConfig } from './config/parse-config.js';
export type { Layout } from './config/layout.js';
export { parseTokenizer } from './tokenizers/parse-tokenizer.js';
export { parseTekken, parseTiktoken } from './tokenizers/parse-ranked-tokens.js';
