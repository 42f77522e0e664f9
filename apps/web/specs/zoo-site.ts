import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { canonicalJson, type ResultDocument } from '@jokbo/contracts';
import { openDatabase, publish } from '@jokbo/database';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, expect } from 'vitest';
import { addressOf } from '../src/address.js';
import { createSite, type SiteOptions } from '../src/create-site.js';
import { openPublished, type Published } from '../src/published/open-published.js';

const ZOO_RESULTS = new URL('../../../test/fixtures/zoo-results.json.br', import.meta.url);
/** An audit of the zoo, and the same measurements judged again. */
export const [FIRST, JUDGED_AGAIN] = JSON.parse(
  brotliDecompressSync(readFileSync(ZOO_RESULTS)).toString('utf8'),
) as [ResultDocument, ResultDocument];

export const HOSTILE = `'"><script>alert(1)</script>&\u202e\u001b[31m=1+1; drop table run; --/../%2f`;

/** A later result of another programme, Korean, in which names and ids of the first pair are hostile. */
function hostileResult(): ResultDocument {
  const [pair] = FIRST.pairs;
  if (pair === undefined) throw new Error('no pair');
  const renamed = (id: string): string =>
    id === pair.subject || id === pair.reference ? `${HOSTILE}${id}` : id;
  const nearest = (id: string | null): string | null => (id === null ? null : renamed(id));
  const ofRenamed = <Item extends { readonly subject: string }>(item: Item): Item => ({
    ...item,
    subject: renamed(item.subject),
  });
  return {
    ...FIRST,
    training: FIRST.training?.map(ofRenamed),
    self_tests: FIRST.self_tests?.map(ofRenamed),
    programme: { ...FIRST.programme, name: HOSTILE, language: 'ko' },
    models: FIRST.models.map((model) => ({ ...model, id: renamed(model.id), name: HOSTILE })),
    leaderboard: FIRST.leaderboard.map((row) => ({
      ...row,
      subject: renamed(row.subject),
      release: HOSTILE,
      nearest: nearest(row.nearest),
      components: row.components.map((item) => ({ ...item, nearest: nearest(item.nearest) })),
    })),
    pairs: FIRST.pairs.map((item) => ({
      ...item,
      subject: renamed(item.subject),
      reference: renamed(item.reference),
      reproduce: HOSTILE,
      verdict: { ...item.verdict, subject: renamed(item.subject), reference: renamed(item.reference) },
    })),
    caveats: [HOSTILE],
  };
}

export const digestOf = (document: ResultDocument): string =>
  createHash('sha256').update(canonicalJson(document)).digest('hex');
export const HOSTILE_RESULT = hostileResult();
export const FIRST_DIGEST = digestOf(FIRST);
export const CURRENT_DIGEST = digestOf(JUDGED_AGAIN);
export const HOSTILE_DIGEST = digestOf(HOSTILE_RESULT);

const [withMaps] = JUDGED_AGAIN.pairs.filter(({ maps }) => maps.length > 0);
if (withMaps === undefined) throw new Error('no pair with maps');
/** A pair with maps. */
export const PAIR = withMaps;
const PAIR_ID = addressOf(PAIR.subject, PAIR.reference);
const [map] = PAIR.maps;
/** Address of its first map. */
export const MAP_ID = addressOf(
  PAIR.subject,
  PAIR.reference,
  map?.component ?? '',
  map?.role ?? '',
  map?.statistic ?? 'trace',
);

export const API_PATHS = [
  '/api/v1/runs',
  '/api/v1/leaderboard',
  '/api/v1/coverage',
  `/api/v1/releases/${PAIR.subject}`,
  `/api/v1/releases/${PAIR.subject}/changes`,
  `/api/v1/pairs/${PAIR_ID}`,
  `/api/v1/maps/${MAP_ID}`,
];
export const PAGE_PATHS = ['/', `/releases/${PAIR.subject}`, `/pairs/${PAIR_ID}`];

interface ZooSite {
  readonly site: FastifyInstance;
  readonly published: Published;
  /** What the site reported as errors of its own. */
  readonly errors: readonly unknown[];
  readonly get: (url: string, headers?: Record<string, string>) => Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

/** A site over an embedded server to which results were published. */
async function openZooSite(options: SiteOptions, results: readonly ResultDocument[]): Promise<ZooSite> {
  const folder = await mkdtemp(join(tmpdir(), 'jokbo-web-'));
  const directory = join(folder, 'postgres');
  const database = await openDatabase({ directory });
  for (const document of results) await publish(database.db, document, digestOf(document));
  const published = await openPublished({ directory });
  await database.close();
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const site = await createSite(published, { requestsPerMinute: 1_000_000, onError, ...options });
  return {
    site,
    published,
    errors,
    get: (url, headers = {}) => site.inject({ method: 'GET', url, headers }),
    async close() {
      await site.close();
      await published.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** What the tests of a file ask: a site that is open while they run, and has reported no error of its own after them. */
export interface UsedSite {
  readonly get: ZooSite['get'];
  readonly site: () => FastifyInstance;
  readonly published: () => Published;
}

/**
 * Opens the site of {@link openZooSite} before the tests of a file, and closes it after them.
 *
 * @param results that are published, in order. @default all three, the hostile one in between
 */
export function useZooSite(
  options: SiteOptions = {},
  results: readonly ResultDocument[] = [FIRST, HOSTILE_RESULT, JUDGED_AGAIN],
): UsedSite {
  let zoo: ZooSite | undefined;
  const opened = (): ZooSite => {
    if (zoo === undefined) throw new Error('the site is open while tests run');
    return zoo;
  };
  beforeAll(async () => {
    zoo = await openZooSite(options, results);
  });
  afterAll(async () => {
    expect(zoo?.errors).toEqual([]);
    await zoo?.close();
  });
  return {
    get: (...asked) => opened().get(...asked),
    site: () => opened().site,
    published: () => opened().published,
  };
}
