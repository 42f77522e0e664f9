import { createHash } from 'node:crypto';
import { type LayerMap, type ResultDocument } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { HOSTILE_NAME, LONG_NAME } from '../specs/audit-plan.js';
import { tagProblems } from '../specs/tag-problems.js';
import { resultDocument } from '../specs/result-document.js';
import { embeddedData, unpackedReport, withoutScripts } from '../specs/unpack-report.js';
import { escapeHtml } from './html/markup.js';
import { packMap } from './html/pack-map.js';
import { renderJson } from './render-json.js';
import { LARGEST_HTML, renderHtml, scriptJson } from './render-html.js';

const document = resultDocument();
const packed = renderHtml(document);
/** The page with every pair opened. */
const page = unpackedReport(packed);

describe('renderHtml', () => {
  it('is one well-formed page with unique ids whose links all lead somewhere', () => {
    expect(tagProblems(page)).toEqual([]);
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map((match) => match[1] ?? '');
    expect(new Set(ids).size).toBe(ids.length);
    const targets = [...page.matchAll(/href="#([^"]*)"/g)].map((match) => match[1] ?? '');
    expect(targets.length).toBeGreaterThan(100);
    const known = new Set(ids);
    expect(targets.filter((target) => !known.has(target))).toEqual([]);
  });

  it('needs no network and lets no other script run', () => {
    expect(page).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
    expect(page).not.toMatch(/<(link|img|iframe|object|embed)\b|\bsrc=|\bon\w+="|style="/i);
    const script = /<script>(.*?)<\/script>/s.exec(page)?.[1] ?? '';
    const style = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? '';
    for (const source of [script, style]) {
      expect(source.length).toBeGreaterThan(1000);
      expect(page).toContain(`'sha256-${createHash('sha256').update(source).digest('base64')}'`);
    }
    expect(page).toContain("default-src 'none'");
  });

  it('says until when teams may object, where the programme does', () => {
    const until = { ...document.programme, objections_until: '2026-02-28' };
    const words = 'teams may object until 2026-02-28';
    expect(renderHtml(resultDocument({ programme: until }))).toContain(words);
    expect(packed).not.toContain('teams may object until 2');
  });

  it('escapes hostile names everywhere', () => {
    const hostile = resultDocument({
      programme: { ...document.programme, name: HOSTILE_NAME },
      rules: { ...document.rules, id: HOSTILE_NAME },
      caveats: [HOSTILE_NAME],
      pairs: document.pairs.map((pair) => ({
        ...pair,
        reproduce: HOSTILE_NAME,
        maps: pair.maps.map((map) => ({ ...map, role: HOSTILE_NAME })),
        evidence: pair.evidence.map((record) => ({
          ...record,
          reason: HOSTILE_NAME,
          details: { [HOSTILE_NAME]: HOSTILE_NAME },
        })),
      })),
    });
    const text = unpackedReport(renderHtml(hostile));
    expect(tagProblems(text)).toEqual([]);
    expect(text).not.toContain('<script>alert');
    expect(text.match(/<script/g)).toHaveLength(2);
    expect(text).toContain(escapeHtml(HOSTILE_NAME));
  });

  it('embeds data that parses back to the maps, rounded', () => {
    const { maps } = embeddedData(page);
    const finest = { r: 10_000, cosine: 10_000, z: 100 };
    const expected = document.pairs.flatMap((pair, index) =>
      pair.maps.map((map, position) => [`${index}/${position}`, packMap(map, finest)] as const),
    );
    expect(maps).toEqual(Object.fromEntries(expected));
    const places = [...page.matchAll(/data-map="([\d/]+)"/g)].map((match) => match[1]);
    expect(places.sort()).toEqual(Object.keys(maps).sort());
    expect(page).toContain('Diagonal against its permutation null: z 311.25, log10 p -21043.5.');
  });

  it('shows the numbers of every component, control and record', () => {
    for (const shown of [
      '818.76',
      '-143211.5',
      '0.9877',
      '[0.9871, 0.9882]',
      '8.7e-4',
      '4.81M',
      '1.07',
      '8123.40',
      '-143208.9',
    ]) {
      expect(page, shown).toContain(`<td>${shown}</td>`);
    }
    for (const model of document.models) {
      expect(page).toContain(model.fingerprint);
      for (const file of model.files) expect(page).toContain(file.digest);
    }
    for (const pair of document.pairs) expect(page).toContain(pair.reproduce);
    for (const text of ['191/192', '3.8 %', '&gt;99.9 %', '6/8', 'model.rope.inv_freq', LONG_NAME]) {
      expect(page, text).toContain(text);
    }
    expect(page).toContain(createHash('sha256').update(renderJson(document)).digest('hex'));
  });

  it('shows a missing number as not measured, never as 0', () => {
    const cells = (text: string) =>
      [
        ...text.matchAll(/<td class="n"\s+(?:colspan="(\d+)")?\s*data-m="not_measured">not measured<\/td>/g),
      ].reduce((sum, match) => sum + Number(match[1] ?? 1), 0);
    const blank: ResultDocument = resultDocument({
      pairs: document.pairs.map((pair) => ({
        ...pair,
        verdict: {
          ...pair.verdict,
          components: pair.verdict.components.map((item) => ({
            ...item,
            statistic: null,
            z: null,
            z_calibrated: null,
            log10_p: null,
            log10_p_adjusted: null,
            r: null,
            r_interval: null,
            r_min: null,
            r_required: null,
            n_eff: null,
          })),
        },
      })),
    });
    const rows = document.pairs.reduce((sum, pair) => sum + pair.verdict.components.length, 0);
    const already = document.pairs
      .flatMap((pair) => pair.verdict.components)
      .filter((item) => item.z === null).length;
    // Ten figures and λ per component; one that was not comparable already lacked all but r_req.
    expect(cells(unpackedReport(renderHtml(blank)))).toBe(cells(page) + 11 * rows - 10 * already);
    expect(withoutScripts(unpackedReport(renderHtml(blank)))).not.toContain('NaN');
    expect(withoutScripts(page)).not.toMatch(/undefined|NaN|\[object/);
  });

  it('holds both languages and begins in the one asked for', () => {
    expect(page).toContain('<html lang="en">');
    const korean = unpackedReport(renderHtml(document, { language: 'ko' }));
    expect(korean).toContain('<html lang="ko">');
    expect(embeddedData(korean).language).toBe('ko');
    for (const text of [page, korean]) {
      expect(text).toContain('No link found in the families compared');
      expect(text).toContain('비교한 모델군에서 연결이 발견되지 않았습니다');
      expect(text).not.toMatch(/\bcopied\b|proved from scratch|from scratch/i);
    }
  });

  it('gives the same bytes for the same document', () => {
    expect(renderHtml(resultDocument())).toBe(packed);
  });

  it('shows an empty audit', () => {
    const empty = resultDocument({ leaderboard: [], pairs: [], models: [], calibration: [], caveats: [] });
    expect(tagProblems(renderHtml(empty))).toEqual([]);
  });
});

describe('size', () => {
  const noise = (index: number) =>
    Math.sin(index * 12.9898) * 43_758.5453 - Math.floor(Math.sin(index * 12.9898) * 43_758.5453) - 0.5;
  const large = (layers: number, roles: number, range = 9): ResultDocument => {
    const cells = Array.from({ length: layers * layers }, (_, index) => noise(index));
    const map = (role: string): LayerMap => ({
      component: 'attention',
      role,
      rows: layers,
      columns: layers,
      cosine: cells.map((value) => 0.95 + value * 0.05),
      r: cells.map((value) => value * 0.12),
      z: cells.map((value) => value * range),
      diagonal_z: 0.1,
      diagonal_log10_p: -0.3,
    });
    const maps = Array.from({ length: roles }, (_, index) => map(`role.${index}`));
    const pairs = [...document.pairs, ...document.pairs, ...document.pairs.slice(0, 4)];
    return resultDocument({
      pairs: pairs.map((pair) => ({
        ...pair,
        maps,
        evidence: ['a', 'b', 'c', 'd'].flatMap((variant) =>
          pair.evidence.map((record) => ({ ...record, id: `${record.id}/${variant}` })),
        ),
      })),
    });
  };

  it('stays below its limit with 84 pairs of 6 maps of 48 layers, four records per component, all maps kept, precision printed', () => {
    const text = renderHtml(large(48, 6));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LARGEST_HTML);
    expect(Object.keys(embeddedData(text).maps)).toHaveLength(84 * 6);
    expect(text).toMatch(/rounded to steps: r 0\.\d+, raw cosine 0\.\d+, z [\d.]+\./);
  });

  it('leaves maps out where even the coarsest do not fit, the severe pairs first kept', () => {
    const written = renderHtml(large(48, 6, 9e6));
    expect(Buffer.byteLength(written)).toBeLessThanOrEqual(LARGEST_HTML);
    const kept = Object.keys(embeddedData(written).maps);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(84 * 6);
    for (let map = 0; map < 6; map += 1) expect(kept).toContain(`2/${map}`);
  });
});

describe('scriptJson', () => {
  it('cannot end its element and parses to the same value', () => {
    const value = { name: '</script><script>&\u2028', list: [null, 1] };
    expect(scriptJson(value)).not.toMatch(/[<>&\u2028]/);
    expect(JSON.parse(scriptJson(value))).toEqual(value);
  });
});
