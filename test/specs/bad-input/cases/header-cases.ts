import { readFileSync } from 'node:fs';
import type { BadCase } from '../bad-case.js';
import { malformed, type SpoiltCheckpoint } from '../checkpoint-case.js';
import { FIRST_SHARD } from '../model-folder.js';

interface AdversarialFile {
  readonly id: string;
  readonly base64: string;
  readonly project: 'accept' | 'reject';
  readonly rule?: string;
}

const FILES = new URL('../../../../libs/safetensors/src/fixtures/safetensors-cases.json', import.meta.url);

/** What the message names besides the shard: the tensor or, where there is none, the place in the header. */
const MENTIONS: Readonly<Record<string, readonly string[]>> = {
  'leading-space': ['does not start with {'],
  'leading-newline': ['does not start with {'],
  bom: ['does not start with {'],
  'trailing-tabs-newlines': ['at byte 65'],
  'trailing-nul': ['at byte 65'],
  'trailing-garbage': ['at byte 66'],
  'second-document': ['at byte 65'],
  'dup-tensor-same-range': ['tensor "a"'],
  'dup-tensor-other-range': ['tensor "a"'],
  'dup-entry-field': ['tensor "a"', 'value "dtype"'],
  'dup-metadata': ['tensor "__metadata__"'],
  'dup-metadata-key': ['metadata key', 'value "x"'],
  'metadata-non-string': ['tensor "__metadata__"', 'found number'],
  'metadata-null': ['tensor "__metadata__"', 'found literal'],
  'extra-entry-field': ['tensor "a"', 'value "extra"'],
  'offset-float': ['tensor "a"', 'value "16.0"'],
  'offset-exponent': ['tensor "a"', 'value "1.6e1"'],
  'negative-dimension': ['tensor "a"', 'value "-2"'],
  'shape-overflow': ['tensor "a"', 'value "9223372036854775807"'],
  'dimension-over-u64': ['tensor "a"', 'value "18446744073709551616"'],
  'zero-dim-huge-other': ['tensor "a"', 'value "9223372036854775807"'],
  'zero-dim-two-huge-zero-first': ['tensor "a"', 'value "9223372036854775807"'],
  'zero-dim-two-huge-zero-last': ['tensor "a"', 'value "9223372036854775807"'],
  'hole-end': ['byte 81', 'file of 83'],
  'hole-middle': ['tensor "b"', 'bytes 124', 'do not follow 120'],
  'hole-start': ['tensor "a"', 'bytes 66', 'do not follow 62'],
  overlap: ['tensor "b"', 'bytes 120', 'do not follow 124'],
  'same-range-two-names': ['tensor "b"', 'bytes 115'],
  truncated: ['byte 81', 'file of 73'],
  'empty-object-with-data': ['byte 10', 'file of 11'],
  'array-top': ['does not start with {'],
  'header-length-0': ['header length 0'],
  'header-length-2-63': ['header length 9223372036854775808'],
  'header-length-over-limit': ['header length 100000001'],
  'header-length-past-end': ['header of 1000000 bytes', 'file of 81'],
  'unknown-dtype': ['tensor "a"', 'value "F128"'],
  'lowercase-dtype': ['tensor "a"', 'value "f32"'],
  'f4-odd-count': ['tensor "a"', 'F4 [3] in 2 bytes'],
  'three-offsets': ['tensor "a"', 'data_offsets'],
  comment: ['at byte 9'],
  'deep-nesting': ['tensor "a"', 'value "e"'],
  'name-nul': ['tensor "a\\u0000b"'],
  'name-lone-surrogate': ['at byte 17'],
  'dup-tensor-escaped': ['tensor "a"'],
  'invalid-utf8': ['at byte 8'],
  'entry-as-array': ['tensor "a"', 'found array'],
  'leading-zero-integer': ['tensor "a"', 'value "01"'],
  'minus-zero': ['tensor "a"', 'value "-0"'],
};

/** Every adversarial header that must be refused, as a shard of a checkpoint. */
export function headerCases(): readonly BadCase[] {
  return malformed(
    files('reject').map(({ id, rule = '', base64 }): SpoiltCheckpoint => {
      const mentions = MENTIONS[id] ?? [`no mentions are listed for ${id}`];
      return [id, rule, [FIRST_SHARD, ...mentions], ({ write }) => write(FIRST_SHARD, decoded(base64))];
    }),
  );
}

/** Every odd header that is legal: the file is read, and holds nothing that the index promises. */
export function legalHeaderCases(): readonly BadCase[] {
  return malformed(
    files('accept').map(({ id, base64 }): SpoiltCheckpoint => [
      id,
      'missing-tensor',
      ['model.safetensors.index.json', FIRST_SHARD, 'tensor "lm_head.weight"'],
      ({ write }) => write(FIRST_SHARD, decoded(base64)),
    ]),
  );
}

function files(project: AdversarialFile['project']): readonly AdversarialFile[] {
  const { cases } = JSON.parse(readFileSync(FILES, 'utf8')) as { cases: AdversarialFile[] };
  return cases.filter((file) => file.project === project);
}

function decoded(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}
