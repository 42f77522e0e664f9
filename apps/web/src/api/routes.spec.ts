import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import {
  API_PATHS,
  CURRENT_DIGEST,
  FIRST,
  FIRST_DIGEST,
  HOSTILE_DIGEST,
  JUDGED_AGAIN,
  MAP_ID,
  PAIR,
  PAGE_PATHS,
  useZooSite,
} from '../../specs/zoo-site.js';
import { addressOf } from '../address.js';

const zoo = useZooSite();
const { get } = zoo;

async function answer<T>(url: string): Promise<T> {
  const reply = await get(`/api/v1${url}`);
  expect({ status: reply.statusCode, type: reply.headers['content-type'] }).toEqual({
    status: 200,
    type: 'application/json; charset=utf-8',
  });
  return reply.json<T>();
}

describe('the API gives the figures of the result document', () => {
  it('lists runs page by page, the newest first', async () => {
    interface Runs {
      items: { run_id: number; digest: string; superseded_by: string | null; is_current: boolean }[];
      next_cursor: string | null;
    }
    const digests: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Runs = await answer(`/runs?limit=1${cursor === null ? '' : `&cursor=${cursor}`}`);
      digests.push(...page.items.map(({ digest }) => digest));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(digests).toEqual([CURRENT_DIGEST, HOSTILE_DIGEST, FIRST_DIGEST]);
    const all = await answer<Runs>('/runs');
    expect(all.items.map(({ superseded_by, is_current }) => [superseded_by, is_current])).toEqual([
      [null, true],
      [null, true],
      [CURRENT_DIGEST, false],
    ]);
    expect((await get('/api/v1/runs?limit=201')).statusCode).toBe(400);
    expect((await get("/api/v1/runs?cursor=1' or 1=1")).statusCode).toBe(400);
  });

  it.each([
    ['latest', JUDGED_AGAIN],
    [FIRST_DIGEST, FIRST],
  ])('leaderboard of %s', async (run, document) => {
    const { items } = await answer<{ items: Record<string, unknown>[] }>(`/leaderboard?run=${run}`);
    const wanted = document.leaderboard.map(({ components, ...row }, index) => ({
      ...row,
      position: index + 1,
      id: addressOf(row.subject),
      components: expect.arrayContaining(
        components.map(({ component, verdict, nearest }) => ({ component, verdict, nearest })),
      ) as unknown,
    }));
    const firstPosition = Number(items[0]?.['position']);
    expect(items).toMatchObject(wanted.map((row, index) => ({ ...row, position: firstPosition + index })));
    items.forEach((item, index) =>
      expect((item['components'] as unknown[]).length).toBe(document.leaderboard[index]?.components.length),
    );
  });

  it('coverage', async () => {
    interface Entry {
      model: string;
      excluded: unknown[];
      [figure: string]: unknown;
    }
    const { items } = await answer<{ items: Entry[] }>('/coverage');
    const byModel = new Map(items.map((entry) => [entry.model, entry]));
    expect(byModel.size).toBe(JUDGED_AGAIN.models.length);
    for (const { id, name, role, coverage, findings } of JUDGED_AGAIN.models) {
      const { excluded, excluded_more, ...counts } = coverage;
      expect(byModel.get(id)).toMatchObject({ name, role, findings, ...counts });
      expect(byModel.get(id)?.['tensors_excluded']).toBe(excluded.length + excluded_more);
      expect(byModel.get(id)?.excluded).toHaveLength(excluded.length);
      expect(byModel.get(id)?.excluded).toEqual(expect.arrayContaining([...excluded]));
    }
  });

  it('every release', async () => {
    for (const row of JUDGED_AGAIN.leaderboard) {
      const found = await answer<{ pairs: { id: string; reference: string }[] }>(`/releases/${row.subject}`);
      const ofSubject = JUDGED_AGAIN.pairs.filter(({ subject }) => subject === row.subject);
      expect(found).toMatchObject({
        row,
        model: JUDGED_AGAIN.models.find(({ id }) => id === row.subject),
        evaluation: JUDGED_AGAIN.evaluations?.find(({ subject }) => subject === row.subject),
        pairs: ofSubject.map(({ reference, verdict }) => ({
          reference,
          verdict: verdict.verdict,
          components: verdict.components,
        })),
      });
    }
  });

  it('every pair with its records and controls, and every map', async () => {
    for (const pair of JUDGED_AGAIN.pairs) {
      const { maps, ...rest } = pair;
      const found = await answer<{ maps: { id: string }[] }>(
        `/pairs/${addressOf(pair.subject, pair.reference)}`,
      );
      expect(found).toMatchObject(rest);
      expect(found.maps).toHaveLength(maps.length);
      for (const [index, map] of maps.entries()) {
        const address = found.maps[index]?.id ?? '';
        expect((await answer<{ map: unknown }>(`/maps/${address}`)).map).toEqual(map);
      }
    }
  });
});

describe('what a release was in the result before', () => {
  interface Changes {
    changes: {
      previous: string;
      rules: boolean;
      method: boolean;
      references: boolean;
      references_added: string[];
      verdicts: { reference: string; component: string | null; change: string; after: string }[];
    } | null;
  }

  it('is told verdict by verdict, with what changed', async () => {
    const { changes } = await answer<Changes>(`/releases/${PAIR.subject}/changes`);
    expect(changes).toMatchObject({
      previous: FIRST_DIGEST,
      rules: true,
      method: false,
      references: false,
      references_added: [],
    });
    const own = JUDGED_AGAIN.pairs.filter(({ subject }) => subject === PAIR.subject);
    const wanted = own.flatMap(({ reference, verdict }) => [
      [reference, null, verdict.verdict],
      ...verdict.components.map((item) => [reference, item.component, item.verdict]),
    ]);
    const found = changes?.verdicts.map((row) => [row.reference, row.component, row.after]);
    expect(found?.map(String).sort()).toEqual(wanted.map(String).sort());
  });

  it('is null where there was none, and not there for a release that is not', async () => {
    const first = await answer<Changes>(`/releases/${PAIR.subject}/changes?run=${FIRST_DIGEST}`);
    expect(first.changes).toBeNull();
    expect((await get('/api/v1/releases/nobody/changes')).statusCode).toBe(404);
  });
});

describe('the cells of a map as CSV', () => {
  it('are those of the result, under a tag', async () => {
    const path = `/api/v1/maps/${MAP_ID}/cells.csv`;
    const reply = await get(path);
    const [map] = PAIR.maps;
    expect(reply.headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    const rows = reply.body.trimEnd().split('\r\n').slice(1);
    expect(rows.map((row) => row.split(',').slice(2))).toEqual(
      map?.cosine.map((cosine, cell) =>
        [cosine, map.r[cell], map.z[cell]].map((value) => String(value ?? '')),
      ),
    );
    const held = await get(path, { 'if-none-match': String(reply.headers.etag) });
    expect([held.statusCode, held.body]).toEqual([304, '']);
    expect((await get('/api/v1/maps/nobody/cells.csv')).statusCode).toBe(404);
  });
});

describe('tags', () => {
  it.each([...API_PATHS, ...PAGE_PATHS])(
    'are strong, and a held answer is not sent again: %s',
    async (path) => {
      const first = await get(path);
      const tag = String(first.headers.etag);
      expect(first.statusCode).toBe(200);
      expect(tag).toMatch(/^"[\w-]{43}"$/);
      expect(first.headers['cache-control']).toBe('public, no-cache');
      for (const held of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
        const again = await get(path, { 'if-none-match': held });
        expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', tag]);
      }
      expect((await get(path, { 'if-none-match': '"other"' })).statusCode).toBe(200);
      const head = await zoo.site().inject({ method: 'HEAD', url: path });
      expect([head.statusCode, head.body, head.headers.etag]).toEqual([200, '', tag]);
    },
  );

  it.each([
    '/api/v1/leaderboard?run=nobody',
    '/api/v1/releases/nobody',
    '/api/v1/releases/nobody/changes',
    '/api/v1/pairs/nobody',
    '/api/v1/maps/nobody',
    '/api/v1/maps/nobody/cells.csv',
    '/api/v1/nowhere',
    '/releases/nobody',
    '/pairs/nobody',
  ])('of * match nothing where there is nothing: %s', async (path) => {
    const plain = await get(path);
    const any = await get(path, { 'if-none-match': '*' });
    expect([any.statusCode, any.body]).toEqual([plain.statusCode, plain.body]);
    expect(plain.statusCode).toBe(path.includes('run=nobody') ? 400 : 404);
    expect(any.headers).not.toHaveProperty('etag');
  });

  it('of * match what is there, of a map as CSV and of HEAD too', async () => {
    const csv = await get(`/api/v1/maps/${MAP_ID}/cells.csv`, { 'if-none-match': ' * ' });
    expect([csv.statusCode, csv.body]).toEqual([304, '']);
    expect(csv.headers).not.toHaveProperty('content-type');
    const url = `/api/v1/releases/${PAIR.subject}`;
    const head = await zoo.site().inject({ method: 'HEAD', url, headers: { 'if-none-match': '*' } });
    expect([head.statusCode, head.body]).toEqual([304, '']);
  });

  it('differ by result, language and page', async () => {
    const urls = [
      ...PAGE_PATHS,
      '/?lang=ko',
      `/?run=${FIRST_DIGEST}`,
      `/?run=${CURRENT_DIGEST}`,
      `/api/v1/leaderboard?run=${FIRST_DIGEST}`,
      ...API_PATHS,
    ];
    const tags = await Promise.all(urls.map(async (url) => (await get(url)).headers.etag));
    expect(new Set(tags).size).toBe(urls.length);
    expect((await get(`/?run=${FIRST_DIGEST}`)).headers['cache-control']).toBe('public, max-age=60');
  });
});

/** The address as the OpenAPI document has it. */
const templateOf = (path: string): string => path.replace(/(releases|pairs|maps)\/[^/]+/, '$1/{id}');

describe('the OpenAPI document', () => {
  interface Description {
    openapi: string;
    paths: Record<
      string,
      { get?: { responses: Record<string, { content?: Record<string, { schema: object }> }> } }
    >;
    components: { schemas: Record<string, object> };
  }

  it('is valid, and names every route of the API', async () => {
    const description = await answer<Description>('/openapi.json');
    expect(description.openapi).toBe('3.1.1');
    const checked = await new Validator().validate({ ...description });
    expect(checked).toEqual({ valid: true });
    const paths = API_PATHS.map(templateOf);
    expect(Object.keys(description.paths).sort()).toEqual(
      [
        ...['/api/v1/openapi.json', '/api/v1/running', '/api/v1/maps/{id}/cells.csv'],
        ...[...paths, '/healthz'],
      ].sort(),
    );
    expect(Object.values(description.paths).every((path) => Object.keys(path).join() === 'get')).toBe(true);
  });

  it('describes every answer exactly', async () => {
    const description = await answer<Description>('/openapi.json');
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'api', ...description });
    for (const path of [...API_PATHS, '/api/v1/running', '/healthz']) {
      const template = templateOf(path).replaceAll('/', '~1');
      const schema = `api#/paths/${encodeURIComponent(template)}/get/responses/200/content/application~1json/schema`;
      const check = ajv.compile({ $ref: schema });
      const reply = await get(path);
      check(reply.json());
      expect([path, check.errors]).toEqual([path, null]);
    }
    const check = ajv.compile({
      $ref: 'api#/paths/~1healthz/get/responses/4XX/content/application~1problem+json/schema',
    });
    check((await get('/nowhere')).json());
    expect(check.errors).toBeNull();
  });
});
