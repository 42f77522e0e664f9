import { markdownTable } from '../power/report/markdown-table.js';
import type { ZooFigures } from './measure-zoo.js';

/** Most that a fleet may take beyond the local driver, of its time. */
const LIMIT_PERCENT = 20;

/** The section of docs/benchmarks.md on what a fleet adds to the audit of the zoo. */
export function zooSection(machine: string, figures: ZooFigures): string {
  const { local, fleetSeconds, processors, activities } = figures;
  const overhead = (fleetSeconds / local.seconds - 1) * 100;
  const used = processors.cpu + processors.workflow + processors.servers;
  const usedLocally = local.processorSeconds + processors.localServers;
  const seconds = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(1));
  return `## Fleet beside the local driver

\`npm run bench:fleet -- --zoo\` audits the zoo in a bucket on the local driver with two threads, and on two workers of one thread: in processes that have audited three other models before, from work folders that hold nothing of the zoo. Counted is from the start of the audit to its result, without report files; both gave the same one.

${machine}

${markdownTable(
  ['', 'time, s', 'processor, s', 'compute', 'workflows', 'servers'],
  [
    [
      'local',
      local.seconds,
      usedLocally,
      local.processorSeconds,
      undefined,
      processors.localServers,
    ] as const,
    ['fleet', fleetSeconds, used, processors.cpu, processors.workflow, processors.servers] as const,
  ].map(([name, ...values]) => [name, ...values.map(seconds)]),
)}

Overhead of the fleet: ${overhead.toFixed(1)} % of time (limit ${LIMIT_PERCENT} %), ${((used / usedLocally - 1) * 100).toFixed(1)} % of processor seconds; times are comparable on a machine that does nothing else. The local driver had looked at all models after ${seconds(local.until.inventory)} s, compared them after ${seconds(local.until.compare)} s, read the last of models and training records after ${seconds(local.until.fingerprint)} s. Of the fleet, from the first of a kind to the end of the last; a worker takes two at a time, so that what ran waited for its thread too:

${markdownTable(
  ['activity', 'number', 'from, s', 'until, s', 'waited, s each', 'ran, s each', 'ran, s in all'],
  activities.map(({ name, count, from, until, waited, ran }) => [
    name,
    String(count),
    seconds(from),
    seconds(until),
    (waited / count).toFixed(2),
    (ran / count).toFixed(2),
    seconds(ran),
  ]),
)}
`;
}
