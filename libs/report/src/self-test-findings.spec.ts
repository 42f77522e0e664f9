import type { EvidenceRecord } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../specs/result-document.js';
import { lookUp } from './document-lookup.js';
import { translator } from './messages.js';
import { selfTestSentences } from './self-test-findings.js';

const [template] = resultDocument().pairs[0]?.evidence ?? [];

function record(method: EvidenceRecord['method'], z: number | null, map: string | null): EvidenceRecord {
  if (template === undefined) throw new Error('the document has evidence');
  const status = z === null ? 'not_applicable' : 'measured';
  return { ...template, method, status, z, details: { map } };
}

function say(...records: readonly EvidenceRecord[]): string[] {
  const document = resultDocument({ self_tests: [{ subject: 'cirrus', records }] });
  return selfTestSentences(lookUp(document), 'cirrus', translator('en'), (text) => `<${text}>`);
}

describe('selfTestSentences', () => {
  it('names experts and layers that are copies of each other', () => {
    const found = say(
      record('upcycled_experts', 120, 'expert j from j mod 8'),
      record('duplicated_layers', 90, '0,0,1,2'),
    );
    expect(found).toEqual([
      'Inside the release, <expert j from j mod 8>: experts share an origin (z 120.00).',
      'Inside the release, layers share an origin (source of each layer: <0,0,1,2>; z 90.00).',
    ]);
  });

  it('says what was held against each other and is not alike, and nothing of what was not measured', () => {
    const clean = [record('upcycled_experts', 2.5, null), record('duplicated_layers', -3.25, null)];
    expect(say(...clean)).toEqual([
      'Inside the release, no experts or layers were found to share an origin (largest z -3.25).',
    ]);
    expect(say(record('upcycled_experts', null, null))).toEqual([]);
    expect(selfTestSentences(lookUp(resultDocument()), 'cirrus', translator('en'), String)).toEqual([]);
  });
});
