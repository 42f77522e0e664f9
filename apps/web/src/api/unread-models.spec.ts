import type { ResultDocument } from '@jokbo/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { FIRST, useZooSite } from '../../specs/zoo-site.js';

const [row] = FIRST.leaderboard;
if (row === undefined) throw new Error('the zoo has releases');
const CAUSE = {
  code: 'ObjectMissing',
  rule: null,
  object: 'models/unread',
  tensor: null,
  message: 'no such folder',
};
const UNREAD = { id: 'unread', name: 'Unread', role: 'subject', team: row.team, ...CAUSE } as const;
/** FIRST with a release and a reference that could not be read. */
const PARTIAL: ResultDocument = {
  ...FIRST,
  leaderboard: [
    ...FIRST.leaderboard,
    {
      ...row,
      subject: 'unread',
      release: 'Unread',
      outcome: 'not_comparable',
      nearest: null,
      components: [],
      linked_share: 0,
    },
  ],
  failures: {
    models: [UNREAD, { ...UNREAD, id: 'gone', name: 'Gone', role: 'reference', team: null }],
    comparisons: [],
  },
};
const zoo = useZooSite({}, [PARTIAL]);

it.each([
  ['/leaderboard', '/leaderboard'],
  ['/coverage', '/coverage'],
  ['/releases/{id}', '/releases/unread'],
  ['/releases/{id}/changes', '/releases/unread/changes'],
])('what could not be read is answered as the description of the API says: %s', async (template, path) => {
  const description = (await zoo.get('/api/v1/openapi.json')).json<Record<string, unknown>>();
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'api', ...description });
  const place = encodeURIComponent(`/api/v1${template}`.replaceAll('/', '~1'));
  const check = ajv.compile({
    $ref: `api#/paths/${place}/get/responses/200/content/application~1json/schema`,
  });
  const reply = await zoo.get(`/api/v1${path}`);
  expect(reply.statusCode).toBe(200);
  check(reply.json());
  expect(check.errors).toBeNull();
});

it('a model that could not be read has no figures, and says why', async () => {
  const { items } = (await zoo.get('/api/v1/coverage')).json<{ items: { model: string }[] }>();
  for (const model of ['unread', 'gone']) {
    expect(items.find((item) => item.model === model)).toMatchObject({
      ...{ model_revision: null, tensors: null, mapped: null, parameters: null, parameters_mapped: null },
      ...{ mapped_share: null, tensors_excluded: null, failure: 'ObjectMissing', excluded: [], findings: [] },
    });
  }
  expect((await zoo.get('/api/v1/releases/unread')).json()).toMatchObject({
    ...{ id: 'unread', model: null, failure: UNREAD, pairs: [] },
  });
});

it.each(['/', '/releases/unread'])('the site says so: %s', async (path) => {
  const reply = await zoo.get(`${path}?lang=en`);
  expect(reply.statusCode).toBe(200);
  expect(reply.body).toContain('no such folder');
});
