import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  CURRENT_DIGEST,
  FIRST,
  FIRST_DIGEST,
  HOSTILE,
  HOSTILE_DIGEST,
  HOSTILE_RESULT,
  MAP_ID,
  PAIR,
  JUDGED_AGAIN,
  PAGE_PATHS,
  useZooSite,
} from '../../specs/zoo-site.js';
import { addressOf } from '../address.js';
import { createSite } from '../create-site.js';

const zoo = useZooSite();
const { get } = zoo;

describe('pages', () => {
  it('link to each other, to their style and script, and to nothing that is not there', async () => {
    const seen = new Set<string>();
    const open = ['/'];
    for (let url = open.pop(); url !== undefined; url = open.pop()) {
      if (seen.has(url)) continue;
      seen.add(url);
      const { statusCode, body } = await get(url);
      expect([url, statusCode]).toEqual([url, 200]);
      const links = [...body.matchAll(/(?:href|src)="(\/[^"]*)"/g)].map(([, link]) => link ?? '');
      if (!/^\/assets\/|\.csv/.test(url)) open.push(...links.map((link) => link.replaceAll('&amp;', '&')));
    }
    const paths = new Set([...seen].map((url) => url.split('?')[0]));
    for (const row of JUDGED_AGAIN.leaderboard)
      expect(paths).toContain(`/releases/${addressOf(row.subject)}`);
    for (const pair of JUDGED_AGAIN.pairs)
      expect(paths).toContain(`/pairs/${addressOf(pair.subject, pair.reference)}`);
    expect([...paths].filter((path) => path?.startsWith('/assets/'))).toHaveLength(3);
    expect([...paths]).toEqual(
      expect.arrayContaining(['/runs', '/running', `/api/v1/maps/${MAP_ID}/cells.csv`]),
    );
  });

  it('are made of parts of the result, and are what all of it would give', async () => {
    const asked: unknown[] = [];
    const whole = await createSite({
      ...zoo.published(),
      parts: (digest, wanted) => {
        asked.push(wanted);
        return Promise.resolve(digest === CURRENT_DIGEST ? JUDGED_AGAIN : FIRST);
      },
    });
    const paths = [
      '/',
      ...JUDGED_AGAIN.leaderboard.map(({ subject }) => `/releases/${addressOf(subject)}`),
      ...JUDGED_AGAIN.pairs.map(({ subject, reference }) => `/pairs/${addressOf(subject, reference)}`),
    ];
    for (const path of paths) {
      for (const url of [path, `/api/v1${path === '/' ? '/leaderboard' : path}`]) {
        const { body } = await whole.inject({ method: 'GET', url });
        // As a flag: a difference would print two pages.
        expect([url, (await get(url)).body === body]).toEqual([url, true]);
      }
    }
    expect(asked).toContainEqual({ records: true });
    expect(asked).toContainEqual({
      ...{ subject: PAIR.subject, reference: PAIR.reference },
      ...{ records: true, blocks: true, maps: true },
    });
    await whole.close();
  });

  it('are in the language of the programme, or in the one that is asked for', async () => {
    const language = async (url: string) => /<html lang="(\w+)">/.exec((await get(url)).body)?.[1];
    expect(await language('/')).toBe('en');
    expect(await language('/?lang=ko')).toBe('ko');
    expect(await language(`/?run=${HOSTILE_DIGEST}`)).toBe('ko');
    expect((await get('/?lang=xx')).statusCode).toBe(400);
  });

  it('of a superseded result name its successor', async () => {
    expect((await get(`/?run=${FIRST_DIGEST}`)).body).toContain(`href="/?run=${CURRENT_DIGEST}"`);
    expect((await get('/')).body).not.toContain(`href="/?run=${CURRENT_DIGEST}"`);
  });

  it('of a release say what moved since the result before, and what could have moved it', async () => {
    const page = (await get(`/releases/${PAIR.subject}?lang=en`)).body;
    expect(page).toContain('Changes since the last audit');
    expect(page).toContain(`href="/releases/${PAIR.subject}?run=${FIRST_DIGEST}&amp;lang=en"`);
    expect(page).toMatch(/Rule set changed<\/span>:\s*<span data-m="yes">/);
    expect(page).toMatch(/Method changed[^<]*<\/span>:\s*<span data-m="no">/);
    const first = (await get(`/releases/${PAIR.subject}?lang=en&run=${FIRST_DIGEST}`)).body;
    expect(first).toContain('There is no audit of this programme before this one.');
  });

  it('of an audit say which outcomes moved since the one before', async () => {
    const page = (await get('/?lang=en')).body;
    expect(page).toContain(`href="/?run=${FIRST_DIGEST}&amp;lang=en"`);
    const outcomeOf = new Map(FIRST.leaderboard.map(({ subject, outcome }) => [subject, outcome]));
    const moved = JUDGED_AGAIN.leaderboard.filter(
      ({ subject, outcome }) => outcomeOf.get(subject) !== outcome,
    );
    const same = JUDGED_AGAIN.leaderboard.length - moved.length;
    expect(page).toContain(`The outcome of ${moved.length} releases moved, of ${same} it did not.`);
    expect((await get(`/?lang=en&run=${FIRST_DIGEST}`)).body).toContain(
      'There is no audit of this programme before this one.',
    );
  });

  it('list all results with what took their place, and more on the next page', async () => {
    const { body } = await get('/runs?lang=en');
    for (const digest of [CURRENT_DIGEST, HOSTILE_DIGEST, FIRST_DIGEST]) {
      expect(body).toContain(`<code>${digest}</code>`);
    }
    expect(body.indexOf(CURRENT_DIGEST)).toBeLessThan(body.indexOf(FIRST_DIGEST));
    expect(body).toMatch(/\d{4}-\d\d-\d\d \d\d:\d\d KST \(\d{4}-\d\d-\d\d \d\d:\d\d UTC\)/);
    expect(body).not.toContain('<script>');
    const older = (await get('/runs?cursor=2')).body;
    expect(older).toContain(FIRST_DIGEST);
    expect(older).not.toContain(HOSTILE_DIGEST);
    expect((await get('/runs?cursor=x')).statusCode).toBe(400);
  });

  it('forbid everything inline, and hold none', async () => {
    for (const path of [...PAGE_PATHS, '/runs', '/running']) {
      const { headers, body } = await get(path);
      const policy = String(headers['content-security-policy']);
      expect(policy.split(';').sort()).toEqual(
        [
          "default-src 'none'",
          "script-src 'self'",
          "connect-src 'self'",
          "style-src 'self'",
          "base-uri 'none'",
          "form-action 'none'",
          "frame-ancestors 'none'",
        ].sort(),
      );
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(body).not.toMatch(/<style|style="|\bon\w+="|<script>/);
    }
  });

  it('serve files whose names are their content for ever', async () => {
    const { body } = await get('/');
    for (const [, path = ''] of body.matchAll(/(?:href|src)="(\/assets\/[^"]*)"/g)) {
      const file = await get(path);
      const digest = createHash('sha256').update(file.body).digest('hex');
      expect(path).toContain(digest.slice(0, 16));
      expect(file.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    }
  });
});

describe('hostile names', () => {
  it('do nothing in any page, and stay as they are in the API', async () => {
    const run = `run=${HOSTILE_DIGEST}`;
    const [pair] = HOSTILE_RESULT.pairs;
    if (pair === undefined) throw new Error('no pair');
    const pairId = addressOf(pair.subject, pair.reference);
    const subjectId = addressOf(pair.subject);
    expect([pairId, subjectId].every((id) => /^~[0-9a-f]{64}$/.test(id))).toBe(true);
    for (const path of ['/', `/releases/${subjectId}`, `/pairs/${pairId}`]) {
      const { statusCode, body } = await get(`${path}?${run}`);
      expect([path, statusCode]).toEqual([path, 200]);
      expect(body).not.toContain('<script>');
      expect(body).not.toContain('\u202e');
      expect(body).not.toContain('\u001b');
      expect(body).toContain('&lt;script&gt;');
    }
    const answer = await get(`/api/v1/pairs/${pairId}?${run}`);
    expect(answer.body).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    const found = answer.json<{ subject: string; reproduce: string }>();
    expect([found.subject, found.reproduce]).toEqual([pair.subject, HOSTILE]);
  });
});
