import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../specs/result-document.js';
import { renderTerminal } from './render-terminal.js';

const ESCAPE = String.fromCharCode(27);
const document = resultDocument();

/** The tables of a report: each run of lines around a rule. */
function tables(text: string): string[][] {
  return text
    .split('\n\n')
    .map((block) => block.split('\n').filter((line) => line !== ''))
    .filter((block) => block.some((line) => /^[-─]{20,}$/.test(line)));
}

describe('renderTerminal', () => {
  it('aligns every line of every table, in both languages and at every width', () => {
    for (const language of ['en', 'ko'] as const) {
      for (const width of [60, 72, 80, 100, 120, 200]) {
        const found = tables(renderTerminal(document, { width, colour: false, language }));
        expect(found.length).toBeGreaterThan(0);
        for (const table of found) {
          expect(new Set(table.map((line) => stringWidth(line))).size, `${language} ${width}`).toBe(1);
        }
      }
    }
  });

  it('keeps within the width', () => {
    for (const width of [60, 80, 100]) {
      for (const line of renderTerminal(document, { width, colour: false, language: 'ko' }).split('\n')) {
        expect(stringWidth(line), line).toBeLessThanOrEqual(width);
      }
    }
  });

  it('fits one table in 100 columns and loses no column in 60', () => {
    expect(tables(renderTerminal(document, { width: 100, colour: false }))).toHaveLength(1);
    const narrow = tables(renderTerminal(document, { width: 60, colour: false })).map((table) =>
      table.join('\n'),
    );
    for (const head of ['outcome', 'team', 'nearest', 'share', 'ctrl', 'cov.', 'refs', 'emb', 'vis', 'prj']) {
      expect(
        narrow.some((table) => table.includes(head)),
        head,
      ).toBe(true);
    }
  });

  it('writes no ANSI code without colour, and ASCII alone where the names are', () => {
    const plain = renderTerminal(document, { width: 100, colour: false });
    expect(plain).not.toContain(ESCAPE);
    const ascii = resultDocument({
      leaderboard: document.leaderboard.filter((row) => ['boreal', 'dune', 'cirrus'].includes(row.subject)),
    });
    expect(renderTerminal(ascii, { width: 100, colour: false })).toMatch(/^[\x20-\x7e\n]*$/);
    expect(renderTerminal(document, { width: 100, colour: true })).toContain(ESCAPE);
  });

  it('says the same with and without colour', () => {
    const coloured = renderTerminal(document, { width: 100, colour: true, language: 'ko' });
    const strip = new RegExp(`${ESCAPE}\\[\\d+m`, 'g');
    const plain = renderTerminal(document, { width: 100, colour: false, language: 'ko' });
    const letters = (text: string) => text.replace(/[^\p{L}\p{N}%=#~!?]/gu, '').replace(/lambda|λ/g, '');
    expect(letters(coloured.replace(strip, ''))).toBe(letters(plain));
  });

  it('shows one row per release as given, with verdict marks, controls, coverage and comparability', () => {
    const text = renderTerminal(document, { width: 200, colour: false });
    const rows = ['Boreal Labs', '한빛', 'Ember', 'Dune AI', 'Cirrus'].map((team) => text.indexOf(team));
    expect(rows).toEqual([...rows].sort((a, b) => a - b));
    expect(text).toMatch(/=ID identical.*Boreal-34B-Chat.*100 %.*192\/192.*100 %.*8\/8.*#DE.*~CO.*=ID.*\./);
    expect(text).toMatch(/%PD partially derived.*3\.8 %.*256\/256.*>99\.9 %.*8\/8.*oNL.*xNC.*%PD/);
    expect(text).toMatch(/!IV invalid.*191\/192/);
    expect(text).toMatch(/\?IC inconclusive \[declared\].*6\/8/);
  });

  it('ends with the day until which the result is provisional, where there is one', () => {
    const document = resultDocument();
    const programme = { ...document.programme, objections_until: '2026-02-28' };
    const last = 'Provisional: teams may object until 2026-02-28 (end of the day, Korean time).\n';
    const options = { width: 200, colour: false, language: 'en' } as const;
    expect(renderTerminal({ ...document, programme }, options).endsWith(`\n\n${last}`)).toBe(true);
    expect(renderTerminal(document, options)).not.toContain('Provisional');
  });

  it('prints λ, tier 3 and caveats', () => {
    const text = renderTerminal(document, { width: 100, colour: false });
    expect(text).toContain('trace lambda 1.07 (calibrated, 28 pairs, width 4096)');
    expect(text).toContain('not calibrated');
    expect(text).toContain('Disguise tests (tier 3): run.');
    expect(text).toContain('stands in as the only negative control');
  });

  it('takes the language of the programme unless told otherwise', () => {
    const korean = resultDocument({ programme: { ...document.programme, language: 'ko' } });
    expect(renderTerminal(korean, { width: 100, colour: false })).toContain('공개 가중치 계보 감사');
    expect(renderTerminal(korean, { width: 100, colour: false, language: 'en' })).toContain('Lineage audit');
  });

  it('lets no name reach the terminal as a control sequence', () => {
    const [first] = document.leaderboard;
    if (first === undefined) throw new Error('no row');
    const hostile = resultDocument({
      leaderboard: [{ ...first, release: `x${ESCAPE}]0;owned\u0007\u202e\r`, team: 'a\nb' }],
      caveats: [`c${ESCAPE}[2J`],
    });
    expect(renderTerminal(hostile, { width: 100, colour: false })).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });

  it('shows an audit without releases, and one without a model, as that', () => {
    const empty = resultDocument({ leaderboard: [], pairs: [], models: [], calibration: [], caveats: [] });
    expect(renderTerminal(empty, { width: 100, colour: false })).toContain('no calibration pairs');
    const unknown = resultDocument({ models: [] });
    expect(renderTerminal(unknown, { width: 200, colour: false })).toMatch(/Boreal-34B-Chat.*n\.m\./);
  });
});
