import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { startWatchedFleet, until, type WatchedFleet } from './watched-fleet.js';

/** Milliseconds that one case may take where many processes share few cores. */
const CASE_LIMIT_MS = 300_000;

const MODELS = ['refs/llama-mini-s0', 'refs/llama-mini-s2'];

const watching = (every: string, again: string): string => `version: 1
name: Watched
language: en
subjects:
  - { id: seed-zero, team: A, release: Seed zero, source: ./refs/llama-mini-s0 }
references:
  - { id: llama, name: Llama mini, source: ./refs/llama-mini-s2 }
controls: { negative: [] }
budget: { features: 512 }
rules: { id: jokbo-1-tier1, require_tier3: false }
watch:
  every: ${every}
${again}
  settle: 1s
  jitter: 1s
  catch_up: 10s
  prefixes: [{ prefix: ./teams/b, team: B }]
`;
const AGAIN = '  again: 7d';

let fleet: WatchedFleet | string;
let programme = '';

beforeAll(async () => {
  fleet = await startWatchedFleet();
  if (typeof fleet !== 'string') programme = await fleet.upload('one', watching('1d', AGAIN), MODELS);
}, CASE_LIMIT_MS);

afterAll(async () => {
  if (typeof fleet !== 'string') await fleet.close();
});

/** The fleet, or a skipped test that says why there is none. */
function fleetOf(context: TestContext): WatchedFleet {
  if (typeof fleet === 'string') return context.skip(fleet);
  return fleet;
}

interface Printed {
  readonly id: string;
  readonly task: string;
  readonly change: string;
}

/** What `jokbo watch` did to each schedule. */
async function watch(running: WatchedFleet, ...args: readonly string[]): Promise<readonly Printed[]> {
  const { status, stdout, stderr } = await running.jokbo('watch', programme, '--format', 'json', ...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return (JSON.parse(stdout) as { schedules: Printed[] }).schedules;
}

const changesOf = (schedules: readonly Printed[]): unknown =>
  Object.fromEntries(schedules.map(({ task, change }) => [task, change]));

/** The id below which the programme is watched. */
async function watchIdOf(running: WatchedFleet): Promise<string> {
  const [first] = await watch(running, '--dry-run');
  return (first?.id ?? '').replace(/\/releases$/, '');
}

/** Ids of audits, each of which must have run once and well. */
async function auditsOf(running: WatchedFleet): Promise<string[]> {
  // A result is published before its audit ends.
  const audits = await until('the end of audits', async () => {
    const listed = await running.list('auditProgramme');
    return listed.some(isRunning) ? null : listed;
  });
  expect(audits.map(({ status }) => status)).toEqual(audits.map(() => 'COMPLETED'));
  const ids = audits.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  return ids;
}

async function runsOf({ database }: WatchedFleet): Promise<number> {
  const { rows } = await database.pool.query<{ runs: number }>(
    'select count(*)::int as runs from report_v1.runs',
  );
  return rows[0]?.runs ?? 0;
}

/** Subjects that the current run has and the one before had not. */
async function addedBy({ database }: WatchedFleet): Promise<unknown[]> {
  const { rows } = await database.pool.query<{ subject: string }>(
    "select distinct subject from report_v1.changes_since where is_current and change = 'added' order by 1",
  );
  return rows.map(({ subject }) => subject);
}

describe('jokbo watch', () => {
  it('makes, changes and removes schedules as the file says', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    const write = (text: string) => running.write('one/programme.yaml', Buffer.from(text));
    const twice = async () => [changesOf(await watch(running)), changesOf(await watch(running))];
    const [created, unchanged] = [
      { releases: 'create', again: 'create' },
      { releases: 'none', again: 'none' },
    ];
    expect(changesOf(await watch(running, '--dry-run'))).toEqual(created);
    expect(await twice()).toEqual([created, unchanged]);
    await write(watching('2d', AGAIN));
    expect(await twice()).toEqual([{ releases: 'update', again: 'none' }, unchanged]);
    await write(watching('2d', ''));
    expect(await twice()).toEqual([{ releases: 'none', again: 'remove' }, unchanged]);
    const [left] = await watch(running, '--remove');
    expect(left).toMatchObject({ task: 'releases', change: 'remove' });
    await write(watching('2s', AGAIN));
    const shown = await running.jokbo('watch', programme);
    expect(shown.stdout.split('\n')).toEqual([
      expect.stringMatching(
        /^watch\/[0-9a-f]{16}\/releases {2}created: every 2s, jitter 1s, catch up 10s, overlap skip$/,
      ),
      expect.stringMatching(/again {2}created: every 7d, jitter 1s, catch up 10s, overlap buffer_one$/),
      '  releases of B below ./teams/b',
      '',
    ]);
  });

  it('leaves a schedule paused that was paused', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    const handle = running.client.schedule.getHandle(`${await watchIdOf(running)}/again`);
    await handle.pause('for the holidays');
    await running.write('one/programme.yaml', Buffer.from(watching('2s', '  again: 6d')));
    const { stdout } = await running.jokbo('watch', programme);
    expect(stdout).toContain('again  updated: every 6d');
    expect(stdout).toContain('paused ("for the holidays")');
    expect((await handle.describe()).state.paused).toBe(true);
    await handle.unpause();
  });
});

describe('a fleet that watches', () => {
  it(
    'audits all that is known, and nothing twice that has not changed',
    {
      timeout: CASE_LIMIT_MS,
    },
    async (context) => {
      const running = fleetOf(context);
      await running.start('workflow', 'cpu');
      const watchId = await watchIdOf(running);
      const handle = running.client.schedule.getHandle(`${watchId}/again`);
      await handle.trigger();
      await until('the first audit', async () => (await runsOf(running)) === 1);
      const first = await auditsOf(running);
      expect(first).toHaveLength(1);
      await handle.trigger();
      const outcomes = await until('an audit of what is known', async () => {
        const { info } = await handle.describe();
        const [, last] = info.recentActions;
        if (last === undefined || info.runningActions.length > 0) return null;
        return running.client.workflow.getHandle(last.action.workflow.workflowId).result() as Promise<
          unknown[]
        >;
      });
      expect(outcomes).toEqual([{ source: null, outcome: 'known', reason: null }]);
      expect(await auditsOf(running)).toEqual(first);
    },
  );

  it('audits a release that is dropped into the bucket', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    await running.drop('one/teams/b/seed-one', 'refs/llama-mini-s1');
    await until('the audit of the release', async () => (await runsOf(running)) === 2);
    expect(await addedBy(running)).toEqual(['seed-one']);
    expect(await auditsOf(running)).toHaveLength(2);
  });

  it('audits no release that is none', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    const looks = (await running.list('auditWatched')).length;
    await running.write('one/teams/b/half/config.json', Buffer.from('{}'));
    await until('the refusal', async () => (await running.list('auditWatched')).length > looks);
    const turn = running.client.workflow.getHandle(`${await watchIdOf(running)}/turn`);
    expect(await turn.result()).toMatchObject({
      source: running.uri('one/teams/b/half'),
      outcome: 'refused',
    });
    expect(await auditsOf(running)).toHaveLength(2);
  });

  /** Where a look or an audit is when its workers are killed. */
  const points: readonly (readonly [string, string, (running: WatchedFleet) => Promise<void>])[] = [
    ['while it waits for a release to settle', 'exa', killWhileSettling],
    ['before it admits a release', 'exa-two', killWhileAdmitting],
    ['in the middle of an audit', 'exa-three', killWhileAuditing],
    ['between an audit and the note of it', 'exa-four', killBeforeRecord],
  ];

  it.for(points)(
    'loses and doubles nothing when killed %s',
    { timeout: CASE_LIMIT_MS },
    async (point, context) => {
      const [, name, kill] = point;
      const running = fleetOf(context);
      const [before, audits] = [await runsOf(running), await auditsOf(running)];
      await running.drop(`one/teams/b/${name}`, 'teams/c/exa-mini');
      await kill(running);
      await running.kill('workflow', 'cpu');
      await running.start('workflow', 'cpu');
      await until('the audit of the release', async () => (await runsOf(running)) === before + 1);
      expect(await addedBy(running)).toEqual([name]);
      // The next look finds that nothing is due.
      const looks = (await running.list('watchProgramme')).filter(
        ({ status }) => status === 'COMPLETED',
      ).length;
      await until('two further looks', async () => {
        const ended = (await running.list('watchProgramme')).filter(({ status }) => status === 'COMPLETED');
        return ended.length >= looks + 2;
      });
      expect(await auditsOf(running)).toHaveLength(audits.length + 1);
      expect(await runsOf(running)).toBe(before + 1);
    },
  );

  it('lets an audit of all that is known wait for its turn', { timeout: CASE_LIMIT_MS }, async (context) => {
    const running = fleetOf(context);
    // It was asked for in the middle of the audit of a release.
    const { info } = await running.client.schedule.getHandle(`${await watchIdOf(running)}/again`).describe();
    const asked = info.recentActions.at(-1)?.action.workflow.workflowId ?? '';
    expect(await running.client.workflow.getHandle(asked).result()).toEqual([
      { source: null, outcome: 'known', reason: null },
    ]);
    expect((await running.seen(asked)).refused).toBeGreaterThan(0);
  });
});

async function killWhileSettling(running: WatchedFleet): Promise<void> {
  await until('a look that waits', async () => {
    const looks = await running.list('watchProgramme');
    const [look] = looks.filter(({ status }) => status === 'RUNNING');
    if (look === undefined) return false;
    const { scheduled, completed } = await running.seen(look.id);
    return scheduled.length === 1 && completed.length === 1;
  });
}

async function killWhileAdmitting(running: WatchedFleet): Promise<void> {
  await until('a turn', async () => (await running.list('auditWatched')).some(isRunning));
}

async function killWhileAuditing(running: WatchedFleet): Promise<void> {
  await until('an audit that has its plan', async () => {
    const audit = (await running.list('auditProgramme')).find(isRunning);
    if (audit === undefined) return false;
    return (await running.seen(audit.id)).completed.includes('plan');
  });
  await running.client.schedule.getHandle(`${await watchIdOf(running)}/again`).trigger();
}

async function killBeforeRecord(running: WatchedFleet): Promise<void> {
  const turn = `${await watchIdOf(running)}/turn`;
  const audit = await until(
    'an audit',
    async () => (await running.list('auditProgramme')).find(isRunning) ?? null,
  );
  await until('the publication', async () => (await running.seen(audit.id)).scheduled.includes('publish'));
  await running.kill('workflow');
  await until('its end', async () => (await running.seen(audit.id)).completed.includes('publish'));
  await running.kill('cpu');
  await running.start('workflow');
  await until('the wish to note it', async () =>
    (await running.seen(turn)).scheduled.includes('recordAudit'),
  );
}

function isRunning({ status }: { readonly status: string }): boolean {
  return status === 'RUNNING';
}
