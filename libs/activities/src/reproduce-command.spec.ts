import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReproduceCommand, reproduceCommand } from './reproduce-command.js';

describe('reproduceCommand', () => {
  it('names controls, features and mode', () => {
    const command = reproduceCommand({
      subject: 'teams/a/model',
      reference: 's3://bucket/base model',
      controls: ['refs/x', "refs/it's"],
      features: 1024,
      full: true,
    });
    expect(command).toBe(
      "jokbo compare teams/a/model 's3://bucket/base model' --control refs/x --control 'refs/it'\\''s' --features 1024 --full",
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
        fc.boolean(),
        fc.option(place, { nil: undefined }),
        (a, b, c, n, full, rules) => {
          const reproduction = { subject: a, reference: b, controls: c, features: n, full, rules };
          expect(parseReproduceCommand(reproduceCommand(reproduction))).toEqual(reproduction);
        },
      ),
    );
  });

  it.each([
    '',
    'jokbo compare a',
    'jokbo audit a b',
    'jokbo compare a b --programme c',
    'jokbo compare a b --control',
    'jokbo compare a b --rules',
    'jokbo compare a b --features 0',
    "jokbo compare a 'b",
    'jokbo compare a $(id)',
    'jokbo compare a b; id',
    'jokbo compare a b && id',
  ])('takes %j for none of its commands', (text) => {
    expect(parseReproduceCommand(text)).toBeNull();
  });
});
