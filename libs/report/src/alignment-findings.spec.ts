import type { RecoveredAlignment, ResultDocument } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../specs/result-document.js';
import { unpackedReport } from '../specs/unpack-report.js';
import { alignmentSentences } from './alignment-findings.js';
import { lookUp } from './document-lookup.js';
import { translator } from './messages.js';
import { renderHtml } from './render-html.js';

const alignment: RecoveredAlignment = {
  kind: 'hidden_units',
  name: 'hidden units permuted',
  digest: 'a'.repeat(64),
  file: `alignments/${'a'.repeat(64)}.json`,
  records: ['ev-1'],
};

/** The document with alignments in the pair at this place. */
function withAlignments(at: number, ...alignments: readonly RecoveredAlignment[]): ResultDocument {
  const { pairs } = resultDocument();
  return resultDocument({
    pairs: pairs.map((pair, index) => (index === at ? { ...pair, alignments } : pair)),
  });
}

const { pairs } = resultDocument();
const positive = pairs.findIndex(({ verdict }) => verdict.verdict === 'partially_derived');
const clean = pairs.findIndex(({ verdict }) => verdict.verdict === 'no_link_found');

function say(document: ResultDocument, at: number): string[] {
  const subject = document.pairs[at]?.subject ?? '';
  return alignmentSentences(lookUp(document), subject, translator('en'), (text) => text);
}

describe('alignmentSentences', () => {
  it('names each alignment of a positive pair once', () => {
    const rotation = { ...alignment, name: 'rotation', digest: 'b'.repeat(64) };
    const found = say(withAlignments(positive, alignment, { ...alignment }, rotation), positive);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(
      /^Alignment recovered against .+: .+ \(hidden units permuted\); .+ \(rotation\)\.$/,
    );
  });

  it('makes none of a pair without a link', () => {
    expect(say(withAlignments(clean, alignment), clean)).toEqual([]);
  });
});

it('lists alignments of a pair with the files that hold them', () => {
  const page = unpackedReport(renderHtml(withAlignments(positive, alignment)));
  expect(page).toContain(alignment.file);
  expect(page).toContain('Recovered alignments');
  expect(unpackedReport(renderHtml(resultDocument()))).not.toContain(alignment.file);
});
