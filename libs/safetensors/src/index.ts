export { parseHeader } from './parse-header.js';
export { readHeader, SPECULATIVE_BYTES } from './read-header.js';
export { LENGTH_BYTES, MAX_HEADER_BYTES, type HeaderTensor, type SafetensorsHeader } from './header.js';
export { MAX_INDEX_BYTES, parseIndex, type CheckpointIndex } from './parse-index.js';
export { checkIndex } from './check-index.js';
export { CONFIG_JSON_LIMITS, safeJson, TOKENIZER_JSON_LIMITS, type JsonLimits } from './safe-json.js';
export { elementCount, isFloatDtype } from './element-count.js';
export { decodeF32, decodeF64 } from './decode.js';
export { encodeSafetensors, safetensorsPieces, type EncodableTensor } from './encode-safetensors.js';
