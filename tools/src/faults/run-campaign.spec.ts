import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditRun, FaultFleet } from './fault-fleet.js';
import { runCampaign, type ScenarioOutcome } from './run-campaign.js';
import type { Scenario } from './scenario.js';

/** A fleet whose audits give the document that is there at the time, published so many times. */
let document = '';
let published = 1;
const fleet = {
  database: { reset: () => Promise.resolve(), published: () => Promise.resolve(published) },
  audit: () => Promise.resolve({ result: () => Promise.resolve({ result: 'key' }) } as AuditRun),
  stored: () => Promise.resolve(document),
} as unknown as FaultFleet;

let reports: (readonly ScenarioOutcome[])[] = [];
let stopped = false;
beforeEach(() => {
  [document, published, reports, stopped] = ['truth', 1, [], false];
});

function campaign(...scenarios: readonly Scenario[]): Promise<ScenarioOutcome[]> {
  return runCampaign(fleet, scenarios, 'seed', {
    say: () => undefined,
    isStopped: () => stopped,
    report: (outcomes) => Promise.resolve(void reports.push([...outcomes])),
  });
}

/** A scenario of one audit, after something was done. */
function scenario(name: string, meddle: () => void = () => undefined): Scenario {
  return {
    name,
    fails: null,
    async run({ ended }) {
      meddle();
      return { faults: 1, errors: [], end: await ended(await fleet.audit()) };
    },
  };
}

const failuresOf = (outcomes: readonly ScenarioOutcome[]): (string | null)[] =>
  outcomes.map(({ failure }) => failure);

describe('runCampaign', () => {
  it('finds a result that is another, and one that is published twice', async () => {
    const outcomes = await campaign(
      scenario('none'),
      scenario('altered', () => (document = 'another')),
      scenario('doubled', () => ([document, published] = ['truth', 2])),
    );
    expect(failuresOf(outcomes)).toEqual([
      null,
      'the result is another than that without faults',
      '2 results are in the database instead of 1',
    ]);
  });

  it('counts a scenario that breaks off as failed, and goes on', async () => {
    const broken = scenario('broken', () => {
      throw new RangeError('no worker 9');
    });
    const outcomes = await campaign(scenario('none'), broken, scenario('next'));
    expect(failuresOf(outcomes)).toEqual([null, 'broken off by RangeError: no worker 9', null]);
  });

  it('reports what is reached, and begins nothing once it is to stop', async () => {
    const long: Scenario = {
      ...scenario('long'),
      async run({ ended, reached }) {
        await reached({ faults: 48, audits: 3, note: 'on the way' });
        stopped = true;
        return { faults: 60, errors: [], end: await ended(await fleet.audit()), audits: 6 };
      },
    };
    await campaign(scenario('none'), long, scenario('never'));
    expect(reports.map((outcomes) => outcomes.map(({ name, faults }) => `${name} ${faults}`))).toEqual([
      ['none 1'],
      ['none 1', 'long 48'],
      ['none 1', 'long 60'],
    ]);
  });
});
