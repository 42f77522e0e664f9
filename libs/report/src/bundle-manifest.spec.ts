import { createHash } from 'node:crypto';
import { canonicalJson, type Programme, type ResultDocument } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../specs/result-document.js';
import { bundleManifest, manifestContradictions } from './bundle-manifest.js';

function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

const { id, version, title, thresholds, require_tier3, criteria } = resultDocument().rules;
const rules = { id, version, title, thresholds, require_tier3, criteria };

const PROGRAMME: Programme = {
  version: 1,
  name: 'National audit 2026',
  roots: {},
  subjects: [],
  references: [],
  controls: { negative: ['quill'], positive: [] },
  budget: { features: 32_768 },
  full: [],
  rules,
  language: 'en',
};

/** A document whose digests are those of what they are of. */
const DOCUMENT: ResultDocument = resultDocument({
  rules: { ...rules, digest: digestOf(rules), tier3_run: true },
  programme: { name: PROGRAMME.name, language: 'en', digest: digestOf(PROGRAMME) },
});

const FILES = new Map([
  ['result.json', Buffer.from('b')],
  ['alignments/x.json', Buffer.from('')],
]);
const BACKEND = { name: 'wasm', numeric_class: 'f64' } as const;

describe('bundleManifest', () => {
  const manifest = bundleManifest(DOCUMENT, { files: FILES, programme: PROGRAMME, backend: BACKEND });

  it('names every file by path with size and SHA-256', () => {
    expect(manifest.files).toEqual([
      {
        path: 'alignments/x.json',
        size: 0,
        sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      },
      {
        path: 'result.json',
        size: 1,
        sha256: '3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d',
      },
    ]);
  });

  it('holds inputs, configuration, controls and result, and no time', () => {
    expect(manifest.result).toBe(digestOf(DOCUMENT));
    expect(manifest.configuration).toEqual(PROGRAMME);
    expect(manifest.controls.entries).toEqual(PROGRAMME.controls);
    expect(manifest.controls.due - manifest.controls.passed).toBe(manifest.controls.failed.length);
    expect(manifest.controls.failed).toHaveLength(1);
    expect(manifest.inputs.map(({ id }) => id)).toEqual(DOCUMENT.models.map(({ id }) => id));
    expect(canonicalJson(manifest)).not.toMatch(/_at"|time|host/);
  });

  it('is contradicted by nothing', () => {
    expect(manifestContradictions(manifest, DOCUMENT)).toEqual([]);
  });

  it('is contradicted by another result, other rules and another configuration', () => {
    const other = { ...DOCUMENT, caveats: ['another'] };
    expect(manifestContradictions(manifest, other)).toEqual([
      'result of the manifest is not that of result.json',
    ]);
    const milder = { ...rules, thresholds: { ...rules.thresholds, reject_z: 99 } };
    const forged = { ...DOCUMENT, rules: { ...DOCUMENT.rules, ...milder } };
    const restated = bundleManifest(forged, { files: FILES, programme: PROGRAMME, backend: BACKEND });
    expect(manifestContradictions(restated, forged)).toEqual([
      'the rules of result.json do not have their digest',
    ]);
    const configuration = { ...PROGRAMME, budget: { features: 1 } };
    expect(manifestContradictions({ ...manifest, configuration }, DOCUMENT)).toEqual([
      'does not have its digest',
      'configuration does not have the digest of the programme',
    ]);
  });

  it('keeps what an earlier manifest of the same result knows, and nothing of another result', () => {
    const files = new Map([['result.json', Buffer.from('c')]]);
    const again = bundleManifest(DOCUMENT, { files, before: manifest });
    expect(again.files.map(({ path, size }) => [path, size])).toEqual([
      ['alignments/x.json', 0],
      ['result.json', 1],
    ]);
    expect(again.configuration).toEqual(PROGRAMME);
    expect(again.backend).toEqual(BACKEND);
    const changed = bundleManifest({ ...DOCUMENT, caveats: ['another'] }, { files, before: manifest });
    expect(changed).toMatchObject({ configuration: null, backend: null, files: [{ path: 'result.json' }] });
  });
});
