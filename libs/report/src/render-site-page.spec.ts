import { describe, expect, it } from 'vitest';
import { HOSTILE_TEXTS, hostileDocument } from '../specs/hostile-document.js';
import { resultDocument } from '../specs/result-document.js';
import { tagProblems } from '../specs/tag-problems.js';
import { packMap, type PackedMap } from './html/pack-map.js';
import { renderHtml } from './render-html.js';
import { renderSitePage, siteAssets, type SitePageOptions, type SiteView } from './render-site-page.js';

const address = (...names: string[]): string => encodeURIComponent(JSON.stringify(names));

function options(overrides: Partial<SitePageOptions['header']> = {}): SitePageOptions {
  return {
    language: 'ko',
    header: {
      digest: 'd'.repeat(64),
      supersededBy: null,
      leaderboard: '/',
      runs: '/runs',
      running: '/running',
      draft: false,
      languages: { en: '?lang=en', ko: '?lang=ko' },
      ...overrides,
    },
    links: {
      pair: (subject, reference) => `/pairs/${address(subject, reference)}`,
      release: (subject) => `/releases/${address(subject)}`,
    },
    assets: { style: '/assets/a.css', script: '/assets/b.js' },
  };
}

const document = resultDocument();
const [pair] = document.pairs;
if (pair === undefined) throw new Error('no pair');
const PAIR: SiteView = { kind: 'pair', subject: pair.subject, reference: pair.reference };
const RELEASE: SiteView = { kind: 'release', subject: pair.subject };

/** The markup of one section, up to the next of the page. */
function section(page: string, id: string): string {
  const start = page.indexOf(`<section id="${id}">`);
  return page.slice(start, page.indexOf('<section id=', start + 1));
}

describe('renderSitePage', () => {
  it.each([{ kind: 'leaderboard' } as const, RELEASE, PAIR])(
    'is well-formed, with nothing inline: $kind',
    (view) => {
      const page = renderSitePage(document, view, options()) ?? '';
      expect(tagProblems(page)).toEqual([]);
      expect(page).toContain('<html lang="ko">');
      expect(page).not.toMatch(/<style|style="|\bon\w+="|<script>/);
      expect([...page.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)).toEqual([
        '<script type="application/json" id="data">',
        '<script src="/assets/b.js">',
      ]);
      const ids = [...page.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]);
      const targets = [...page.matchAll(/href="#([^"]*)"/g)].map((match) => match[1]);
      expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
    },
  );

  it('shows the same leaderboard as the report, with links to pages', () => {
    const page = renderSitePage(document, { kind: 'leaderboard' }, options()) ?? '';
    const withoutLinks = (text: string) => text.replace(/ href="[^"]*"/g, '');
    const report = renderHtml(document, { language: 'ko' });
    expect(withoutLinks(section(page, 'leaderboard'))).toBe(withoutLinks(section(report, 'leaderboard')));
    expect(page).toContain(`href="/releases/${address(pair.subject)}"`);
  });

  it('unfolds the pair, with its maps and the inputs of both models', () => {
    const page = renderSitePage(document, PAIR, options()) ?? '';
    expect(page.match(/<details class="pair"[^>]* open>/g)).toHaveLength(1);
    const data = JSON.parse(/id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? '') as {
      maps: Record<string, PackedMap>;
    };
    const finest = { r: 10_000, cosine: 10_000, z: 100 };
    const packed = pair.maps.map((map, index) => [`0/${index}`, packMap(map, finest)] as const);
    expect(data.maps).toEqual(Object.fromEntries(packed));
    expect(page.match(/<section class="model">/g)).toHaveLength(2);
    for (const control of pair.verdict.controls)
      expect(page).toContain(control.must.replace('<', '&lt;').replace('>', '&gt;'));
  });

  it('names the result that took its place', () => {
    const supersededBy = { digest: 'e'.repeat(64), href: `/?run=${'e'.repeat(64)}` };
    const page = renderSitePage(document, RELEASE, options({ supersededBy })) ?? '';
    expect(page).toContain(`<a href="${supersededBy.href}"`);
    expect(renderSitePage(document, RELEASE, options())).not.toContain('e'.repeat(64));
  });

  it('knows no release and no pair that the result lacks', () => {
    const missing = { subject: 'nobody', reference: pair.reference };
    expect(renderSitePage(document, { kind: 'release', ...missing }, options())).toBeNull();
    expect(renderSitePage(document, { kind: 'pair', ...missing }, options())).toBeNull();
  });

  it('lets hostile names do nothing', () => {
    const { leaderboard, ...rest } = hostileDocument();
    const hostile = {
      ...rest,
      leaderboard: leaderboard.map((row) => ({ ...row, team: HOSTILE_TEXTS.join(' ') })),
    };
    const [first] = hostile.pairs;
    if (first === undefined) throw new Error('no pair');
    const links = { pair: () => '/pairs/x', release: () => '/releases/x' };
    for (const view of [
      { kind: 'leaderboard' },
      { ...first, kind: 'release' },
      { ...first, kind: 'pair' },
    ] as const) {
      const page = renderSitePage(hostile, view, { ...options(), links }) ?? '';
      expect(tagProblems(page)).toEqual([]);
      expect(page).not.toMatch(/<img|alert\(1\)<\/script>/);
      for (const unseen of ['\u001b', '\u202e', '\u2066']) expect(page).not.toContain(unseen);
    }
  });

  it('has a style sheet and a script to link to', () => {
    const { style, script } = siteAssets();
    expect(style).toContain('.languages');
    expect(script).toContain("getElementById('data')");
  });
});
