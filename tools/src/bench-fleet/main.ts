import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { findTemporal, findVersitygw } from '../servers/index.js';
import { fleetSection, withSection } from './fleet-section.js';
import { measureFleet, type FleetFigures } from './measure-fleet.js';
import { measureZoo } from './measure-zoo.js';
import { zooSection } from './zoo-section.js';

const PAGE = new URL('../../../docs/benchmarks.md', import.meta.url);

const { values } = parseArgs({
  options: {
    comparisons: { type: 'string', default: '100000' },
    units: { type: 'string', default: '200' },
    /** The audit of the zoo instead of made-up ones. */
    zoo: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const temporal = await findTemporal({ make: true, say });
if (temporal === null) throw new Error('no Temporal server');
const [load = 0] = loadavg();
const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, load average ${load.toFixed(1)} before it`;
let section: string;
if (values.zoo) {
  const versitygw = await findVersitygw({ make: true, say });
  if (versitygw === null) throw new Error('no S3 server');
  section = zooSection(machine, await measureZoo(temporal, versitygw, say));
} else {
  const figures: FleetFigures[] = [];
  // Units of half a minute show what the fleet adds to real work; those of none show how many it can carry.
  for (const { comparisons, workMs, slots } of [
    { comparisons: Number(values.units), workMs: 30_000, slots: 2 },
    { comparisons: Number(values.comparisons), workMs: 0, slots: 5 },
  ]) {
    if (comparisons > 0)
      figures.push(await measureFleet(temporal, { comparisons, workMs, pollers: 20, slots }, say));
  }
  section = fleetSection(machine, figures);
}
if (values.write) await writeFile(PAGE, withSection(await readFile(PAGE, 'utf8'), section));
process.stdout.write(section);
