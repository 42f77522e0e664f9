import { createHash } from 'node:crypto';
import { canonicalJson, type LayerMap, type ResultDocument } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { HOSTILE_NAME, LONG_NAME } from '../specs/audit-plan.js';
import { tagProblems } from '../specs/tag-problems.js';
import { resultDocument } from '../specs/result-document.js';
import { escapeHtml } from './html/markup.js';
import { packMap, type PackedMap } from './html/pack-map.js';
import { renderJson } from './render-json.js';
import { LARGEST_HTML, renderHtml, scriptJson } from './render-html.js';

const document = resultDocument();
const page = renderHtml(document);

function embedded(text: string): { language: string; maps: PackedMap[] } {
  const match = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(text);
  return JSON.parse(match?.[1] ?? '') as { language: string; maps: PackedMap[] };
}

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
    const text = renderHtml(hostile);
    expect(tagProblems(text)).toEqual([]);
    expect(text).not.toContain('<script>alert');
    expect(text.match(/<script/g)).toHaveLength(2);
    expect(text).toContain(escapeHtml(HOSTILE_NAME));
    expect(embedded(text).maps[0]?.role).toBe(HOSTILE_NAME);
  });

  it('embeds data that parses back to the maps, rounded', () => {
    const data = embedded(page);
    const maps: LayerMap[] = document.pairs.flatMap((pair) => [...pair.maps]);
    expect(data.maps).toHaveLength(maps.length);
    const packed = new Set(
      maps.map((map) => canonicalJson(packMap(map, { r_decimals: 4, cosine_decimals: 4, z_decimals: 2 }))),
    );
    for (const map of data.maps) expect(packed.has(canonicalJson(map))).toBe(true);
    expect(data.maps[0]).toMatchObject({ diagonal_z: 311.25, diagonal_log10_p: -21_043.5 });
    const places = [...page.matchAll(/data-map="(\d+)"/g)].map((match) => Number(match[1]));
    expect(places.sort((a, b) => a - b)).toEqual(maps.map((_, index) => index));
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
    expect(cells(renderHtml(blank))).toBe(cells(page) + 11 * rows - 10 * already);
    expect(renderHtml(blank)).not.toContain('NaN');
    expect(page).not.toMatch(/undefined|NaN|\[object/);
  });

  it('holds both languages and begins in the one asked for', () => {
    expect(page).toContain('<html lang="en">');
    const korean = renderHtml(document, { language: 'ko' });
    expect(korean).toContain('<html lang="ko">');
    expect(embedded(korean).language).toBe('ko');
    for (const text of [page, korean]) {
      expect(text).toContain('No link found in the families compared');
      expect(text).toContain('비교한 모델군에서 연결이 발견되지 않았습니다');
      expect(text).not.toMatch(/\bcopied\b|proved from scratch|from scratch/i);
    }
  });

  it('gives the same bytes for the same document', () => {
    expect(renderHtml(resultDocument())).toBe(page);
  });

  it('shows an empty audit', () => {
    const empty = resultDocument({ leaderboard: [], pairs: [], models: [], calibration: [], caveats: [] });
    expect(tagProblems(renderHtml(empty))).toEqual([]);
  });
});

describe('size', () => {
  const noise = (index: number) =>
    Math.sin(index * 12.9898) * 43_758.5453 - Math.floor(Math.sin(index * 12.9898) * 43_758.5453) - 0.5;
  const large = (layers: number, roles: number): ResultDocument => {
    const cells = Array.from({ length: layers * layers }, (_, index) => noise(index));
    const map = (role: string): LayerMap => ({
      component: 'attention',
      role,
      rows: layers,
      columns: layers,
      cosine: cells.map((value) => 0.95 + value * 0.05),
      r: cells.map((value) => value * 0.12),
      z: cells.map((value) => value * 9),
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
    expect(embedded(text).maps).toHaveLength(84 * 6);
    expect(text).not.toContain('>Left out of this file');
    expect(text).toMatch(/rounded to decimals: r [23], raw cosine [123], z [01]\./);
  });

  it('says which maps it left out where even the coarsest do not fit, the severe pairs first kept', () => {
    const text = renderHtml(large(64, 6));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LARGEST_HTML);
    const kept = embedded(text).maps.length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(84 * 6);
    expect(text.match(/>Left out of this file for its size/g)).toHaveLength(84 * 6 - kept);
    const flagged = text.slice(text.indexOf('id="pair-2"'), text.indexOf('id="pair-3"'));
    expect(flagged).not.toContain('Left out of this file');
  });
});

describe('scriptJson', () => {
  it('cannot end its element and parses to the same value', () => {
    const value = { name: '</script><script>&\u2028', list: [null, 1] };
    expect(scriptJson(value)).not.toMatch(/[<>&\u2028]/);
    expect(JSON.parse(scriptJson(value))).toEqual(value);
  });
});
