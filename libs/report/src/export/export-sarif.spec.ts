import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { UsageError, type ResultDocument, type VerdictClass } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../../specs/result-document.js';
import { schemaProblems } from '../../specs/schema-problems.js';
import { exportSarif, MAX_SARIF_GZIP_BYTES, MAX_SARIF_RESULTS, MAX_SARIF_RUNS } from './export-sarif.js';

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly kind: string;
  readonly level: string;
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly properties: { readonly verdict: VerdictClass; readonly declared: boolean };
}

interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  readonly automationDetails: { readonly id: string };
  readonly results: readonly Result[];
}

function runsOf(document: ResultDocument): readonly Run[] {
  return (JSON.parse(exportSarif(document)) as { readonly runs: readonly Run[] }).runs;
}

/** The document with this many copies of its first release, each under a name of its own. */
function withReleases(count: number): ResultDocument {
  const document = resultDocument();
  const [first] = document.pairs;
  if (first === undefined) throw new Error('the fixture has pairs');
  return { ...document, pairs: Array.from({ length: count }, (_, at) => ({ ...first, subject: `s${at}` })) };
}

function withReferences(count: number): ResultDocument {
  const document = resultDocument();
  const [first] = document.pairs;
  const [component] = first?.verdict.components ?? [];
  if (first === undefined || component === undefined) throw new Error('the fixture has pairs');
  const verdict = {
    ...first.verdict,
    components: Array.from({ length: count }, () => component),
    controls: [],
  };
  return { ...document, pairs: [{ ...first, verdict }] };
}

describe('exportSarif', () => {
  const document = resultDocument();

  it('is valid against the schema of SARIF 2.1.0', () => {
    expect(schemaProblems('sarif', exportSarif(document))).toEqual([]);
  });

  it('finds a problem where there is one', () => {
    expect(
      schemaProblems('sarif', exportSarif(document).replace('"kind":"fail"', '"kind":"bad"')),
    ).not.toEqual([]);
  });

  it('has one run per release and one result per component × reference', () => {
    const runs = runsOf(document);
    expect(runs).toHaveLength(document.leaderboard.length);
    expect(new Set(runs.map(({ automationDetails }) => automationDetails.id)).size).toBe(runs.length);
    for (const { results, tool } of runs) {
      for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    }
  });

  it('says by kind and level what is a finding', () => {
    const kinds = new Map<string, Set<string>>();
    for (const { kind, level, properties } of runsOf(document).flatMap(({ results }) => results)) {
      const key = properties.declared && kind === 'fail' ? 'declared' : properties.verdict;
      kinds.set(key, (kinds.get(key) ?? new Set()).add(`${kind} ${level}`));
    }
    expect(Object.fromEntries([...kinds].map(([key, value]) => [key, [...value]]))).toEqual({
      declared: ['fail note'],
      partially_derived: ['fail error'],
      invalid: ['review none'],
      inconclusive: ['open none'],
      no_link_found: ['pass none'],
      not_comparable: ['notApplicable none'],
    });
  });

  it('keeps rule and fingerprint of a result whose verdict and figures moved', () => {
    const moved = {
      ...document,
      tool: { ...document.tool, version: '9.9.9' },
      pairs: document.pairs.map((pair) => ({
        ...pair,
        verdict: {
          ...pair.verdict,
          components: pair.verdict.components.map((item) => ({
            ...item,
            verdict: 'derived' as const,
            z: 99,
          })),
        },
      })),
    };
    const identity = (of: ResultDocument) =>
      runsOf(of).flatMap(({ results }) =>
        results.map(({ ruleId, partialFingerprints }) => [ruleId, partialFingerprints]),
      );
    expect(identity(moved)).toEqual(identity(document));
    const prints = identity(document).map((item) => JSON.stringify(item));
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('stays within the limits of code scanning, and refuses what does not', () => {
    expect(runsOf(withReleases(MAX_SARIF_RUNS))).toHaveLength(MAX_SARIF_RUNS);
    expect(() => exportSarif(withReleases(MAX_SARIF_RUNS + 1))).toThrow(UsageError);
    expect(runsOf(withReferences(MAX_SARIF_RESULTS))[0]?.results).toHaveLength(MAX_SARIF_RESULTS);
    expect(() => exportSarif(withReferences(MAX_SARIF_RESULTS + 1))).toThrow(UsageError);
  });

  it('holds 9 releases against 30 references of 11 components in less than 10 MB of gzip', () => {
    const [pair] = document.pairs;
    if (pair === undefined) throw new Error('the fixture has pairs');
    const components = Array.from({ length: 11 }, (_, at) => pair.verdict.components[at % 6] ?? []).flat();
    const pairs = Array.from({ length: 270 }, (_, at) => ({
      ...pair,
      subject: `s${at % 9}`,
      reference: `r${at}`,
      verdict: { ...pair.verdict, components },
    }));
    expect(gzipSync(exportSarif({ ...document, pairs })).length).toBeLessThan(MAX_SARIF_GZIP_BYTES);
  });

  it('refuses what gzip cannot bring below the limit', () => {
    const digests = Array.from({ length: 200_000 }, (_, at) => createHash('sha256').update(`${at}`));
    const caveats = [digests.map((digest) => digest.digest('base64')).join('')];
    expect(() => exportSarif({ ...document, caveats })).toThrow(/at most 10000000 bytes/);
  });
});
