import stringWidth from 'string-width';
import type { PairResult } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../specs/result-document.js';
import { renderPair } from './render-pair.js';

const document = resultDocument();
const pairOf = (subject: string, reference: string): PairResult => {
  const found = document.pairs.find((pair) => pair.subject === subject && pair.reference === reference);
  if (found === undefined) throw new Error('no such pair');
  return found;
};
const pair = pairOf('hanbit', 'meridian-vl');
const options = { width: 100, colour: false, models: document.models };

describe('renderPair', () => {
  it('shows every statistic of a component with its null, interval and power', () => {
    const text = renderPair(pair, { ...options, width: 200 });
    expect(text).toMatch(
      /vision tower +%PD partially derived +trace +818\.76 +-143211\.5 +0\.9877 +\[0\.9871, 0\.9882\] +8\.7e-4 +4\.81M +1\.07 +24 +1\.28B +0 B/,
    );
  });

  it('writes n.m. where nothing was measured', () => {
    const text = renderPair(pair, { ...options, width: 200 });
    const router = text.split('\n').find((line) => line.startsWith('router '));
    expect(router).toMatch(
      /xNC not comparable +n\.m\. +n\.m\. +n\.m\. +n\.m\. +n\.m\. +n\.m\. +n\.m\. +n\.m\. +24/,
    );
    expect(text).toContain('n.m. = not measured');
  });

  it('says that nothing can be compared, instead of a table without rows', () => {
    const text = renderPair({ ...pair, verdict: { ...pair.verdict, components: [] } }, options);
    expect(text).toContain('\n\nNo component of the two can be compared.\n\n');
    expect(text).not.toContain('statistic');
  });

  it('counts passed controls on one line per component', () => {
    const text = renderPair(pair, options);
    const { controls } = pair.verdict;
    const components = new Set(controls.map(({ component }) => component));
    expect(text).toMatch(/\nembedding +4 of 4 passed/);
    expect(text.match(/ of \d+ passed/g)).toHaveLength(components.size);
    expect(text).not.toContain('int8 of the subject');
    expect(text).toContain('--format json lists every control');
    const bare = { ...pair, verdict: { ...pair.verdict, controls: [] } };
    expect(renderPair(bare, options)).toContain('No controls are recorded');
  });

  it('shows a failed control in full, and says what limits the passed ones', () => {
    const failed = pairOf('ember', 'pallas');
    const text = renderPair(failed, { ...options, width: 200 });
    expect(text).toMatch(/\nexperts +3 of 4 passed/);
    expect(text).toMatch(
      /\nexperts +negative +quill \(negative: scrambled only\) +trace +\|z\| < 4 +n\.m\. +n\.m\. +FAILED/,
    );
    expect(text.match(/FAILED/g)).toHaveLength(1);
    const controls = failed.verdict.controls.map((control) => ({
      ...control,
      passed: control.kind === 'identity' ? null : true,
      note: control.kind === 'negative' ? 'scrambled only' : null,
    }));
    const limited = renderPair({ ...failed, verdict: { ...failed.verdict, controls } }, options);
    expect(limited).toMatch(/\nexperts +3 of 3 passed, 1 not due\n/);
    expect(limited.match(/ {2}- scrambled only \(embedding, [^)]*experts/g)).toHaveLength(1);
    expect(limited).not.toContain('FAILED');
  });

  it('sets the norm context beside its baseline, apart from the verdicts', () => {
    const text = renderPair(pair, options);
    const context = text.slice(text.indexOf('Context, never used'));
    expect(context).toMatch(/raw norm cosine +0\.9497 +0\.9399/);
    expect(context).toMatch(/norm Pearson correlation +0\.0126 +0\.0108/);
    expect(context).toMatch(/third model +\. +quill/);
    expect(text.slice(0, text.indexOf('Context, never used'))).not.toContain('0.9497');
  });

  it('names every figure of the norm context in words, and claims no baseline where there is none', () => {
    const details = { cosine: 0.95, cosine_max: 0.99, cosine_min: 0.9, pearson: 0.01, pearson_max_abs: 0.2 };
    const evidence = pair.evidence.map((record) =>
      record.method === 'norm_context' ? { ...record, details } : record,
    );
    for (const language of ['en', 'ko'] as const) {
      const text = renderPair({ ...pair, evidence }, { ...options, language });
      expect(text).not.toMatch(/cosine_m|pearson_m/);
    }
    const text = renderPair({ ...pair, evidence }, options);
    expect(text).toMatch(/lowest of one norm +0\.9\n.*highest of one norm +0\.99\n/);
    expect(text).not.toContain('third-model baseline');
  });

  it('prints the reproduce command on one line, whatever the width', () => {
    const command = `jokbo compare ${'x'.repeat(150)}`;
    expect(renderPair({ ...pair, reproduce: command }, { ...options, width: 60 })).toContain(
      `\n  ${command}\n`,
    );
  });

  it('aligns and keeps within the width in both languages', () => {
    for (const language of ['en', 'ko'] as const) {
      for (const width of [60, 80, 100]) {
        for (const line of renderPair(pair, { ...options, width, language }).split('\n')) {
          if (!line.includes('jokbo compare')) expect(stringWidth(line), line).toBeLessThanOrEqual(width);
        }
      }
    }
  });

  it('uses names where models are given, ids where not', () => {
    expect(renderPair(pair, options)).toContain('한빛-32B-멀티모달 x Meridian-VL-7B');
    expect(renderPair(pair, { width: 100, colour: false })).toContain('hanbit x meridian-vl');
  });
});
