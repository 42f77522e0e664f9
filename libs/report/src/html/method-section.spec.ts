import { METHODS } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../../specs/result-document.js';
import { renderHtml } from '../render-html.js';
import { STATISTIC_WORDS } from '../words/statistic-words.js';

const PAGE = renderHtml(resultDocument());
const SECTION = /<section id="method">.*?<\/section>/s.exec(PAGE)?.[0] ?? '';
const rows = [...SECTION.matchAll(/<tr>.*?<\/tr>/gs)].map(([row]) => row.replace(/\s+/g, ' '));

describe('methodSection', () => {
  it('names every statistic as Korean tables name it, beside its key', () => {
    for (const method of METHODS) {
      const row = rows.find((text) => text.includes(`>${method}</code`)) ?? '';
      expect(row, method).toContain(`<span class="l" lang="ko">${STATISTIC_WORDS[method]} </span>`);
    }
  });

  it('says what each threshold decides, once for those of one kind', () => {
    const { thresholds } = resultDocument().rules;
    for (const name of Object.keys(thresholds)) {
      const own = rows.filter((row) => new RegExp(`<code>${name}(\\.\\w+)?</code>`).test(row));
      expect(own.length, name).toBeGreaterThan(0);
      expect(own.filter((row) => row.includes(`data-m="means_${name}"`)).length, name).toBe(1);
    }
  });

  it('explains the heads of the tables of figures', () => {
    for (const head of ['z', 'log10_p_adjusted', 'r_min', 'n_eff', 'lambda', 'primary', 'not_measured'])
      expect(SECTION, head).toContain(`data-m="means_${head}"`);
  });
});
