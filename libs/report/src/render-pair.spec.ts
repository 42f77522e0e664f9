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
const options = { width: 100, colour: false, models: document.models, calibration: document.calibration };

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

  it('shows controls, and a failed one as failed', () => {
    expect(renderPair(pair, options)).toMatch(
      /embedding +positive +int8 of the subject .*8123\.40 +0\.9998 +passed/,
    );
    expect(renderPair(pairOf('ember', 'pallas'), { ...options, width: 200 })).toMatch(
      /experts +negative .*scrambled only.* n\.m\. +n\.m\. +FAILED/,
    );
    const bare = { ...pair, verdict: { ...pair.verdict, controls: [] } };
    expect(renderPair(bare, options)).toContain('No controls are recorded');
  });

  it('sets the norm context beside its baseline, apart from the verdicts', () => {
    const text = renderPair(pair, options);
    const context = text.slice(text.indexOf('Context, never used'));
    expect(context).toMatch(/raw norm cosine +0\.9497 +0\.9399/);
    expect(context).toMatch(/norm Pearson correlation +0\.0126 +0\.0108/);
    expect(text.slice(0, text.indexOf('Context, never used'))).not.toContain('0.9497');
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
