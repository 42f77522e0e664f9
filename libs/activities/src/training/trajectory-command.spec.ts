import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTrajectoryCommand, trajectoryCommand } from './trajectory-command.js';

describe('trajectoryCommand', () => {
  it('names records, references and features', () => {
    const command = trajectoryCommand({
      release: 'teams/a/model',
      training: 's3://bucket/its records',
      references: ['refs/x', "refs/it's"],
      features: 1024,
    });
    expect(command).toBe(
      "jokbo trajectory teams/a/model --training 's3://bucket/its records' --reference refs/x --reference 'refs/it'\\''s' --features 1024",
    );
  });

  it('is read back whatever the places are', () => {
    const place = fc.string({ minLength: 1, unit: 'binary' });
    fc.assert(
      fc.property(
        place,
        place,
        fc.array(place),
        fc.integer({ min: 1, max: 2 ** 24 }),
        (a, b, references, n) => {
          const reproduction = { release: a, training: b, references, features: n };
          expect(parseTrajectoryCommand(trajectoryCommand(reproduction))).toEqual(reproduction);
        },
      ),
    );
  });

  it.each([
    '',
    'jokbo trajectory',
    'jokbo trajectory a',
    'jokbo compare a --training b',
    'jokbo trajectory a --training',
    'jokbo trajectory a --training b --output c',
    'jokbo trajectory a --training b --features 0',
    'jokbo trajectory a --training $(id)',
    'jokbo trajectory a --training b; id',
  ])('takes %j for none of its commands', (text) => {
    expect(parseTrajectoryCommand(text)).toBeNull();
  });
});
