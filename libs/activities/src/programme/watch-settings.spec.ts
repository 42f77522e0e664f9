import { UsageError } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { parseProgrammeFile } from './parse-programme.js';

const programme = (watch: string): string => `version: 1
name: Watched
storage: { zoo: s3://bucket/teams }
subjects: [{ id: one, team: A, release: One, source: "zoo:one" }]
references: [{ id: base, name: Base, source: base }]
watch: ${watch}
`;

const settingsOf = (watch: string): unknown =>
  parseProgrammeFile(programme(watch), 's3://bucket/programme.yaml').watch;

function refusalOf(watch: string): string {
  try {
    settingsOf(watch);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('was accepted');
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('what a programme says of watching', () => {
  it('looks for nothing where it says nothing', () => {
    const text = programme('{}').replace('watch: {}\n', '');
    const { watch } = parseProgrammeFile(text, 's3://bucket/programme.yaml');
    expect(watch).toEqual({
      ...{ every: null, again: null, prefixes: [] },
      ...{ settle: 10 * MINUTE, catchUp: 6 * HOUR, jitter: MINUTE },
    });
    expect(settingsOf('{}')).toEqual(watch);
  });

  it('looks every quarter of an hour where it names prefixes alone', () => {
    expect(settingsOf('{ prefixes: [{ prefix: "zoo:a", team: A }] }')).toMatchObject({
      every: 15 * MINUTE,
      again: null,
      prefixes: [{ prefix: 'zoo:a', team: 'A' }],
    });
  });

  it('reads durations in milliseconds', () => {
    expect(
      settingsOf(
        '{ again: 7d, settle: 90s, catch_up: 10s, jitter: 2m, every: 3h, prefixes: [{ prefix: a, team: A }] }',
      ),
    ).toMatchObject({
      ...{ every: 3 * HOUR, again: 7 * 24 * HOUR, settle: 90_000, catchUp: 10_000, jitter: 2 * MINUTE },
    });
  });

  it.each([
    ['{ again: 7 }', '6:17: watch.again: must be a string (in quotes), got 7'],
    ['{ again: 0m }', '6:17: watch.again: must be a valid duration'],
    ['{ again: 10000d }', '6:17: watch.again: must be a valid duration'],
    ['{ again: 1w }', '6:17: watch.again: must be a valid duration'],
    ['{ catch_up: 9s }', '6:20: watch.catch_up: must be at least 10s, got "9s"'],
    ['{ every: 1h }', '6:17: watch.every: must stand beside prefixes to look at'],
    ['{ evry: 1h }', '6:10: watch.evry: is not a known key (did you mean "every"?)'],
    ['{ prefixes: [{ prefix: "zo:a", team: A }] }', 'There is no storage root "zo"'],
    ['{ prefixes: [{ prefix: ../a, team: A }] }', '6:31: watch.prefixes[0].prefix: '],
    [
      '{ prefixes: [{ prefix: "zoo:a", team: A }, { prefix: "s3://bucket/teams/a", team: B }] }',
      '6:61: watch.prefixes[1].prefix: must differ from the prefix in line 6',
    ],
  ])('refuses %s', (watch, expected) => {
    expect(refusalOf(watch)).toContain(expected);
  });
});
