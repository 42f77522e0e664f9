import type { LeaderboardRow } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../specs/result-document.js';
import { lookUp } from './document-lookup.js';
import { exportMarkdown } from './export/export-markdown.js';
import { releaseFindings } from './findings.js';
import { translator } from './messages.js';
import { NAMED_TIES, nearestReferences, nearestText } from './nearest-references.js';
import { renderHtml } from './render-html.js';
import { renderTerminal } from './render-terminal.js';

const plain = resultDocument();
const linked = plain.leaderboard.find(({ nearest }) => nearest !== null);
if (linked === undefined) throw new Error('no linked release');
const references = plain.models.filter(({ role }) => role === 'reference');
const ids = references.map(({ id }) => id);
const ties = (count: number): LeaderboardRow => ({
  ...linked,
  nearest: ids[0] ?? null,
  nearest_ties: ids.slice(0, count),
});
const withRow = (row: LeaderboardRow) => ({ ...plain, leaderboard: [row] });
const words = (row: LeaderboardRow, language: 'en' | 'ko' = 'en') =>
  nearestText(lookUp(plain), row, translator(language), (text) => text);

describe('nearestReferences', () => {
  it('is the nearest alone where nothing ties, and null where there is none', () => {
    expect(nearestReferences(linked)).toEqual({ named: [linked.nearest], more: 0 });
    expect(nearestReferences({ ...linked, nearest: null })).toBeNull();
  });

  it('names as many as tie, up to the limit', () => {
    expect(nearestReferences(ties(2))).toEqual({ named: ids.slice(0, 2), more: 0 });
    expect(nearestReferences(ties(NAMED_TIES))?.more).toBe(0);
    expect(nearestReferences(ties(NAMED_TIES + 3))).toEqual({ named: ids.slice(0, NAMED_TIES), more: 3 });
  });
});

describe('nearestText', () => {
  const names = references.map(({ name }) => name);
  it('says that references tie, and how many more do', () => {
    expect(words(ties(2))).toBe(`${names.slice(0, 2).join(', ')} (tied)`);
    expect(words(ties(7))).toBe(`${names.slice(0, 4).join(', ')} and 3 more (tied)`);
    expect(words(ties(2), 'ko')).toBe(`${names.slice(0, 2).join(', ')} (동률)`);
    expect(words({ ...linked, nearest: null })).toBe('none');
  });

  it('stands in every report', () => {
    const document = withRow(ties(2));
    const [first = '', second = ''] = names;
    expect(exportMarkdown(document)).toContain(`| ${first}, ${second} (tied) |`);
    expect(renderTerminal(document, { width: 300, colour: false })).toContain(`${first}, ${second} (tied)`);
    expect(
      releaseFindings(lookUp(document), ties(2), translator('en'), (text) => text, 'en').sentences,
    ).toContainEqual(expect.stringContaining(`(nearest: ${first}, ${second} (tied))`));
    const cell = (count: number): string => {
      const board =
        /<section id="leaderboard">.*?<\/section>/s.exec(renderHtml(withRow(ties(count))))?.[0] ?? '';
      return /<\/th>\s*<td data-s="[^"]*">(.*?)<\/td>/s.exec(board)?.[1] ?? '';
    };
    for (const shown of [first, second, 'data-m="tied"']) expect(cell(2)).toContain(shown);
    for (const shown of ['and 2 more', '외 2개']) expect(cell(NAMED_TIES + 2)).toContain(shown);
  });
});
