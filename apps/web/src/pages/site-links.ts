import type { ResultDocument } from '@jokbo/contracts';
import type { Language, SitePageOptions } from '@jokbo/report';
import { addressOf } from '../address.js';
import type { RunHead } from '../published/run-head.js';

/** What the reader chose, which links keep. */
export interface Choice {
  /** Digest of a result, or `latest`. */
  readonly run: string;
  /** Null where the programme's language is shown. */
  readonly language: Language | null;
}

function address(path: string, { run, language }: Choice): string {
  const query = new URLSearchParams();
  if (run !== 'latest') query.set('run', run);
  if (language !== null) query.set('lang', language);
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/**
 * The links of one page.
 *
 * @param path where the page itself stands.
 */
export function siteLinks(
  document: ResultDocument,
  run: RunHead,
  path: string,
  choice: Choice,
): Pick<SitePageOptions, 'header' | 'links'> {
  const pairs = new Set(document.pairs.map((pair) => JSON.stringify([pair.subject, pair.reference])));
  const subjects = new Set(document.leaderboard.map((row) => row.subject));
  const { superseded_by } = run;
  return {
    header: {
      digest: run.digest,
      supersededBy:
        superseded_by === null
          ? null
          : { digest: superseded_by, href: address('/', { ...choice, run: superseded_by }) },
      leaderboard: address('/', choice),
      languages: {
        en: address(path, { ...choice, language: 'en' }),
        ko: address(path, { ...choice, language: 'ko' }),
      },
    },
    links: {
      pair: (subject, reference) =>
        pairs.has(JSON.stringify([subject, reference]))
          ? address(`/pairs/${addressOf(subject, reference)}`, choice)
          : null,
      release: (subject) =>
        subjects.has(subject) ? address(`/releases/${addressOf(subject)}`, choice) : null,
    },
  };
}
