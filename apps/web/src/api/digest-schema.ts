import type { JsonSchema } from './result-schemas.js';

/** A SHA-256 in hex. */
export const digest = (description: string): JsonSchema => ({
  type: 'string',
  pattern: '^[0-9a-f]{64}$',
  description,
});
