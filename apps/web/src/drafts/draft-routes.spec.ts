import type { ResultDocument } from '@jokbo/contracts';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import {
  CURRENT_DIGEST,
  digestOf,
  FIRST,
  FIRST_DIGEST,
  HOSTILE,
  JUDGED_AGAIN,
  MAP_ID,
  PAIR,
  useZooSite,
} from '../../specs/zoo-site.js';
import { addressOf } from '../address.js';
import { createSite } from '../create-site.js';

const TOKEN = 'a1b2c3d4'.repeat(4);
const draft: ResultDocument = { ...FIRST, programme: { ...FIRST.programme, name: `draft ${HOSTILE}` } };
const digest = digestOf(draft);
const zoo = useZooSite({
  drafts: {
    token: TOKEN,
    list: () =>
      Promise.resolve([
        { digest, document: draft, at: new Date(0) },
        { digest: CURRENT_DIGEST, document: JUDGED_AGAIN, at: new Date(0) },
      ]),
  },
});
const { get } = zoo;
const authorised = { authorization: `Bearer ${TOKEN}` };
const PATHS = [
  '/drafts',
  `/drafts/${digest}`,
  `/?run=${digest}`,
  `/releases/${PAIR.subject}?run=${digest}`,
  `/pairs/${addressOf(PAIR.subject, PAIR.reference)}?run=${digest}`,
];

/** What the API gives of a draft. */
const PARTS = [
  '/leaderboard',
  `/releases/${PAIR.subject}`,
  `/pairs/${addressOf(PAIR.subject, PAIR.reference)}`,
  `/maps/${MAP_ID}`,
] as const;
const TEMPLATES = ['/leaderboard', '/releases/{id}', '/pairs/{id}', '/maps/{id}'];

describe('parts of a draft in the API', () => {
  const DRAFT = `/api/v1/drafts/${digest}`;

  it.each(PARTS)('are those of the result once it is published: %s', async (path) => {
    const of = await get(`${DRAFT}${path}`, authorised);
    expect([of.statusCode, of.headers['cache-control'], of.headers.etag]).toEqual([
      200,
      'no-store',
      undefined,
    ]);
    const { draft: head, ...part } = of.json<Record<string, unknown>>();
    expect(head).toMatchObject({ digest, programme: `draft ${HOSTILE}` });
    // The same measurements as FIRST, in another programme: only what the run itself tells differs.
    const { run, ...published } = (await get(`/api/v1${path}?run=${FIRST_DIGEST}`)).json<
      Record<string, unknown>
    >();
    expect(run).toMatchObject({ digest: FIRST_DIGEST });
    if (path !== '/leaderboard') {
      expect(part).toEqual(published);
      return;
    }
    const { items } = published as { items: Record<string, unknown>[] };
    expect(part).toEqual({ items: items.map((item) => ({ ...item, previous_outcome: null })) });
  });

  it('are not there without the token, of a published result, or where the result has none', async () => {
    for (const path of PARTS) {
      const reply = await get(`${DRAFT}${path}`);
      expect([reply.statusCode, reply.headers['www-authenticate']]).toEqual([401, 'Bearer realm="drafts"']);
      expect((await get(`/api/v1/drafts/${CURRENT_DIGEST}${path}`, authorised)).statusCode).toBe(404);
    }
    for (const kind of ['releases', 'pairs', 'maps']) {
      expect((await get(`${DRAFT}/${kind}/none`, authorised)).statusCode).toBe(404);
      expect((await get(`${DRAFT}/${kind}/..%2f..%2fetc%2fpasswd`, authorised)).statusCode).toBe(404);
    }
  });

  it('are as the description of the API says', async () => {
    const description = (await get('/api/v1/openapi.json')).json<Record<string, unknown>>();
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'api', ...description });
    for (const [at, template] of TEMPLATES.entries()) {
      const path = encodeURIComponent(`/api/v1/drafts/{digest}${template}`.replaceAll('/', '~1'));
      const check = ajv.compile({
        $ref: `api#/paths/${path}/get/responses/200/content/application~1json/schema`,
      });
      check((await get(`${DRAFT}${PARTS[at] ?? ''}`, authorised)).json());
      expect([template, check.errors]).toEqual([template, null]);
    }
  });
});

describe('drafts in the API', () => {
  const API = ['/api/v1/drafts', `/api/v1/drafts/${digest}`] as const;

  it('are listed and given whole with the token, and kept by no cache', async () => {
    const [listed, one] = await Promise.all(API.map((path) => get(path, authorised)));
    expect(listed?.json()).toEqual({
      items: [
        {
          digest,
          written_at: '1970-01-01T00:00:00.000Z',
          programme: `draft ${HOSTILE}`,
          tool_version: draft.tool.version,
          rule_set: draft.rules.id,
          rule_set_version: draft.rules.version,
        },
      ],
    });
    expect(one?.json()).toEqual(draft);
    for (const reply of [listed, one]) expect(reply?.headers['cache-control']).toBe('no-store');
  });

  it.each(API)('are asked for with a token: %s', async (path) => {
    const wrong: Record<string, string>[] = [{}, { authorization: 'Bearer x' }];
    for (const headers of wrong) {
      const reply = await get(path, headers);
      expect([reply.statusCode, reply.headers['www-authenticate'], reply.headers['cache-control']]).toEqual([
        401,
        'Bearer realm="drafts"',
        'no-store',
      ]);
      expect(reply.body).not.toContain(digest);
    }
  });

  it('are not there when published, unknown or misspelt', async () => {
    const statusOf = async (asked: string): Promise<number> =>
      (await get(`/api/v1/drafts/${asked}`, authorised)).statusCode;
    expect(await statusOf(CURRENT_DIGEST)).toBe(404);
    expect(await statusOf('0'.repeat(64))).toBe(404);
    expect(await statusOf('latest')).toBe(400);
  });

  it('stand in the description of the API, with their token and their answers', async () => {
    const description = (await get('/api/v1/openapi.json')).json<Record<string, unknown>>();
    expect(await new Validator().validate({ ...description })).toEqual({ valid: true });
    expect(description).toMatchObject({
      components: { securitySchemes: { draft_token: { type: 'http', scheme: 'bearer' } } },
      paths: {
        '/api/v1/drafts': { get: { security: [{ draft_token: [] }] } },
        '/api/v1/drafts/{digest}': { get: { security: [{ draft_token: [] }] } },
      },
    });
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'api', ...description });
    for (const [at, template] of ['/api/v1/drafts', '/api/v1/drafts/{digest}'].entries()) {
      const path = encodeURIComponent(template.replaceAll('/', '~1'));
      const check = ajv.compile({
        $ref: `api#/paths/${path}/get/responses/200/content/application~1json/schema`,
      });
      check((await get(API[at] ?? '', authorised)).json());
      expect([template, check.errors]).toEqual([template, null]);
    }
  });
});

describe('drafts', () => {
  it.each(PATHS)('are read with the token, and kept by no cache: %s', async (path) => {
    const reply = await get(path, authorised);
    expect([reply.statusCode, reply.headers['cache-control'], reply.headers.etag]).toEqual([
      200,
      'no-store',
      undefined,
    ]);
    if (path.startsWith('/drafts/')) {
      expect(reply.json()).toEqual(draft);
      return;
    }
    expect(reply.body).toContain('draft');
    expect(reply.body.includes('<script>alert')).toBe(false);
  });

  it('are asked for a password by a browser, which then opens every page of them', async () => {
    const reply = await get('/drafts');
    expect([reply.statusCode, reply.headers['www-authenticate']]).toEqual([
      401,
      'Basic realm="drafts", charset="UTF-8"',
    ]);
    const basic = { authorization: `Basic ${Buffer.from(`x:${TOKEN}`).toString('base64')}` };
    expect((await get('/drafts', basic)).body).toContain(`href="/?run=${digest}"`);
    expect((await get(`/?run=${digest}`, basic)).statusCode).toBe(200);
  });

  it.each([undefined, `Bearer ${TOKEN.slice(1)}`, 'Bearer x'])(
    'are not there for anybody else: %s',
    async (authorization) => {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      for (const path of PATHS) {
        const { statusCode, body } = await get(path, headers);
        expect([path, statusCode]).toEqual([path, path.startsWith('/drafts') ? 401 : 404]);
        expect(body).not.toContain('draft \'"');
      }
      for (const path of ['/runs', '/api/v1/runs'])
        expect((await get(path, headers)).body).not.toContain(digest);
    },
  );

  it('leave what is published as it is, with a token or without', async () => {
    const page = `/?run=${CURRENT_DIGEST}`;
    const open = await get(page);
    expect((await get(page, authorised)).body).toBe(open.body);
    expect((await get(page, authorised)).headers['cache-control']).toBe('public, max-age=60');
    expect((await get(`/drafts/${CURRENT_DIGEST}`, authorised)).statusCode).toBe(404);
  });

  it('are none where no token is set', async () => {
    const without = await createSite(zoo.published());
    for (const url of [...PATHS, '/api/v1/drafts', `/api/v1/drafts/${digest}`]) {
      const reply = await without.inject({ method: 'GET', url, headers: authorised });
      expect([url, reply.statusCode]).toEqual([url, 404]);
    }
    await without.close();
  });
});
