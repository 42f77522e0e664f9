import type { LeaderboardRow } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../specs/result-document.js';
import { lookUp } from './document-lookup.js';
import { calibrationLine, releaseFindings, tier3Line } from './findings.js';
import { translator } from './messages.js';

const document = resultDocument();
const t = translator('en');
const row = (subject: string): LeaderboardRow => {
  const found = document.leaderboard.find((item) => item.subject === subject);
  if (found === undefined) throw new Error(subject);
  return found;
};
const say = (subject: string) => {
  const { headline, sentences } = releaseFindings(lookUp(document), row(subject), t, (text) => text, 'en');
  return [headline, ...sentences].join('\n');
};

describe('releaseFindings', () => {
  it('says of a clean release what is excluded, per component, and no more', () => {
    expect(say('cirrus')).toContain(
      'No link found in the families compared; inheritance above r = 8.7e-4 (embedding), 8.7e-4 (attention), 8.7e-4 (router), 8.7e-4 (experts), 0.4100 (norms), 8.7e-4 (head) excluded at 99 % unless re-parameterised.',
    );
  });

  it('names the reference and the numbers of a link', () => {
    expect(say('hanbit')).toContain(
      'Measured similarity with Meridian-VL-7B in vision tower: partially derived (trace: z 818.76, log10 p -143211.5, r 0.9877 [0.9871, 0.9882], n_eff 4.81M; 0 B identical).',
    );
    expect(say('hanbit')).toContain('Not comparable with any reference: router.');
    expect(say('boreal')).toContain('Type: shared initialisation.');
  });

  it('names statistic and type in Korean too', () => {
    const korean = translator('ko');
    const said = (subject: string) =>
      releaseFindings(lookUp(document), row(subject), korean, (text) => text, 'ko').sentences.join('\n');
    expect(said('hanbit')).toContain('(트레이스: z 818.76');
    expect(said('boreal')).toContain('공통 초기화');
  });

  it('keeps declared lineage apart from the verdict', () => {
    expect(say('boreal')).toContain('identical [declared and confirmed]');
    expect(say('dune')).toContain('inconclusive [declared, not confirmed]');
  });

  it('never makes an absence of measurement a number', () => {
    const bare = lookUp({ ...document, pairs: [] });
    const { sentences } = releaseFindings(bare, row('cirrus'), t, (text) => text, 'en');
    expect(sentences[0]).toContain('inheritance above r = not measured (embedding)');
  });
});

describe('calibration and tier 3', () => {
  it('says whether λ is calibrated', () => {
    expect(document.calibration.map((item) => calibrationLine(item, t, 'en'))).toEqual([
      'trace λ 1.07 (calibrated, 28 pairs, width 4096)',
      'gram λ 1.50 (not calibrated, 6 pairs)',
    ]);
  });

  it('says whether the disguise tests ran, and what that means', () => {
    expect(tier3Line({ require_tier3: true, tier3_run: true }, t)).toMatch(/: run\.$/);
    expect(tier3Line({ require_tier3: true, tier3_run: false }, t)).toContain('no component can be clean');
    expect(tier3Line({ require_tier3: false, tier3_run: false }, t)).toContain('waived');
  });
});
