import { describe, expect, it } from 'vitest';
import { withSection } from './fleet-section.js';
import { zooSection } from './zoo-section.js';

const section = zooSection('a machine', {
  local: { digest: 'd', seconds: 40, processorSeconds: 78, until: { inventory: 1, compare: 38 } },
  fleetSeconds: 46,
  processors: { cpu: 80, workflow: 5, servers: 3, localServers: 2 },
  activities: [{ name: 'compare', count: 200, from: 4, until: 44, waited: 20, ran: 150 }],
});

describe('zooSection', () => {
  it('tells what the fleet takes beyond the local driver', () => {
    const cells = section
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    expect(cells.map((row) => row.slice(1, -1)).filter(([name = '']) => !/^-*$/.test(name))).toEqual([
      ['local', '40.0', '80.0', '78.0', '', '2.0'],
      ['fleet', '46.0', '88.0', '80.0', '5.0', '3.0'],
      ['activity', 'number', 'from, s', 'until, s', 'waited, s each', 'ran, s each', 'ran, s in all'],
      ['compare', '200', '4.0', '44.0', '0.10', '0.75', '150.0'],
    ]);
    expect(section).toContain(
      'Overhead of the fleet: 15.0 % of time (limit 20 %), 10.0 % of processor seconds;',
    );
  });

  it('stands beside the section on made-up audits', () => {
    const page = withSection('# Benchmarks\n\n## Fleet\n\nrows\n', section);
    expect(page).toBe(`# Benchmarks\n\n## Fleet\n\nrows\n\n${section}`);
    expect(withSection(page, section)).toBe(page);
  });
});
