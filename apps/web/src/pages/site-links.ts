import type { ResultDocument } from '@jokbo/contracts';
import type { Language, SitePageOptions, SiteShell } from '@jokbo/report';
import { addressOf } from '../address.js';
import type { RunHead } from '../published/run-head.js';

/** What the reader chose, which links keep. */
export interface Choice {
  /** Digest of a result, or `latest`. */
  readonly run: string;
  /** Null where the programme's language is shown. */
  readonly language: Language | null;
}

/** An address of the site with what the reader chose, and the cursor of a list. */
export function address(path: string, { run, language }: Choice, cursor?: string): string {
  const query = new URLSearchParams();
  if (run !== 'latest') query.set('run', run);
  if (language !== null) query.set('lang', language);
  if (cursor !== undefined) query.set('cursor', cursor);
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/**
 * The links of one page.
 *
 * @param path where the page itself stands.
 */
export function siteLinks(
  document: ResultDocument,
  run: Pick<RunHead, 'digest' | 'superseded_by'> & { readonly draft?: boolean },
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
      runs: address('/runs', { run: 'latest', language: choice.language }),
      running: address('/running', { run: 'latest', language: choice.language }),
      draft: run.draft === true,
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

/**
 * The frame of a page that shows no single result.
 *
 * @param chosen language that the reader chose, which links keep.
 */
export function shellOf(
  path: string,
  language: Language,
  chosen: Language | null,
  style: string,
  script: string | null,
): SiteShell {
  const to = (other: string, kept: Language | null): string =>
    address(other, { run: 'latest', language: kept });
  return {
    ...{ language, style, script },
    leaderboard: to('/', chosen),
    runs: to('/runs', chosen),
    running: to('/running', chosen),
    languages: { en: to(path, 'en'), ko: to(path, 'ko') },
  };
}
