import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** WCAG 2.2 AA for text. */
const LEAST_CONTRAST = 4.5;

const css = readFileSync(new URL('../browser/report.css', import.meta.url), 'utf8');

/** The colour variables of the page: light, dark, print. */
const THEMES = [...css.matchAll(/:root \{([^}]*)\}/g)].map(
  (block) =>
    new Map(
      [...(block[1] ?? '').matchAll(/--([\w-]+): #([0-9a-f]{6})/g)].map((match) => [
        match[1] ?? '',
        match[2] ?? '',
      ]),
    ),
);

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const share = parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe('style', () => {
  it('has enough contrast in light, dark and print', () => {
    expect(THEMES).toHaveLength(3);
    const pairs = [
      ['ink', 'page'],
      ['ink', 'panel'],
      ['soft', 'page'],
      ['soft', 'panel'],
      ['link', 'page'],
      ...['strong', 'medium', 'warning', 'neutral', 'quiet'].map((tone) => [`${tone}-ink`, `${tone}-page`]),
    ];
    for (const theme of THEMES) {
      for (const [ink = '', page = ''] of pairs) {
        expect(
          contrast(theme.get(ink) ?? '', theme.get(page) ?? ''),
          `${ink} on ${page}`,
        ).toBeGreaterThanOrEqual(LEAST_CONTRAST);
      }
    }
  });

  it('measures contrast as WCAG does', () => {
    expect(contrast('000000', 'ffffff')).toBeCloseTo(21, 5);
    expect(contrast('777777', 'ffffff')).toBeCloseTo(4.48, 2);
  });
});
