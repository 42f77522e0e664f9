import { DEFAULT_PAGE_ROWS, MAX_PAGE_ROWS, MAX_PARAMETER_LENGTH } from '../limits.js';
import { digest } from './digest-schema.js';
import type { JsonSchema } from './result-schemas.js';

/** Which result is asked for. */
export const RUN_QUERY: JsonSchema = {
  type: 'object',
  properties: {
    run: {
      type: 'string',
      pattern: '^(latest|[0-9a-f]{64})$',
      default: 'latest',
      description:
        'Digest of a result, superseded ones too; latest = the current one that was published last.',
    },
  },
};

/** Which page of a list is asked for. */
export const RUNS_QUERY: JsonSchema = {
  type: 'object',
  properties: {
    limit: {
      type: 'integer',
      minimum: 1,
      maximum: MAX_PAGE_ROWS,
      default: DEFAULT_PAGE_ROWS,
      description: 'Most rows of the answer.',
    },
    cursor: { type: 'string', pattern: '^[0-9]{1,15}$', description: 'next_cursor of the page before.' },
  },
};

const draftDigest = digest('Digest of a draft, as the list gives it.');
const partId: JsonSchema = {
  type: 'string',
  minLength: 1,
  maxLength: MAX_PARAMETER_LENGTH,
  description: 'Address, as answers give it.',
};

export const DIGEST_PARAMETER: JsonSchema = {
  type: 'object',
  required: ['digest'],
  properties: { digest: draftDigest },
};

export const DRAFT_PART_PARAMETERS: JsonSchema = {
  type: 'object',
  required: ['digest', 'id'],
  properties: { digest: draftDigest, id: partId },
};

export const ID_PARAMETER: JsonSchema = {
  type: 'object',
  required: ['id'],
  properties: { id: partId },
};
