import { UsageError } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { parseProgramme } from './parse-programme.js';

const programmeWith = (line: string): string => `version: 1
name: Test
${line}subjects:
  - { id: one, team: Team A, release: One, source: one }
references:
  - { id: base, name: Base, source: base }
`;

describe('the day until which teams may object', () => {
  it('is read as it is written, and absent where a programme names none', () => {
    expect(parseProgramme(programmeWith('objections_until: 2026-02-28\n'), 'p.yaml')).toHaveProperty(
      'objections_until',
      '2026-02-28',
    );
    expect(parseProgramme(programmeWith(''), 'p.yaml')).not.toHaveProperty('objections_until');
  });

  it.each(['2026-02-30', '28.2.2026', 'soon', '[2026-02-28]'])('is a day of the calendar: %s', (day) => {
    const parse = (): unknown => parseProgramme(programmeWith(`objections_until: ${day}\n`), 'p.yaml');
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(/p\.yaml:3:\d+: objections_until: /);
  });
});
