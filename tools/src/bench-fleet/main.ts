import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { findTemporal } from '../servers/index.js';
import { fleetSection, withFleetSection } from './fleet-section.js';
import { measureFleet, type FleetFigures } from './measure-fleet.js';

const PAGE = new URL('../../../docs/benchmarks.md', import.meta.url);

const { values } = parseArgs({
  options: {
    comparisons: { type: 'string', default: '100000' },
    units: { type: 'string', default: '200' },
    write: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const found = await findTemporal({ make: true, say });
if (found === null) throw new Error('no Temporal server');
const [load = 0] = loadavg();
const figures: FleetFigures[] = [];
// Units of half a minute show what the fleet adds to real work; those of none show how many it can carry.
for (const { comparisons, workMs, slots } of [
  { comparisons: Number(values.units), workMs: 30_000, slots: 2 },
  { comparisons: Number(values.comparisons), workMs: 0, slots: 5 },
]) {
  if (comparisons > 0)
    figures.push(await measureFleet(found, { comparisons, workMs, pollers: 20, slots }, say));
}
const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, load average ${load.toFixed(1)} before it`;
const section = fleetSection(machine, figures);
if (values.write) await writeFile(PAGE, withFleetSection(await readFile(PAGE, 'utf8'), section));
process.stdout.write(section);
