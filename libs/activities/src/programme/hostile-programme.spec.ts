import { canonicalJson, UsageError } from '@jokbo/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProgramme } from './parse-programme.js';
import { programmeTemplate } from './programme-template.js';

const VALID = programmeTemplate();
const mebibyte = 1024 * 1024;

describe('hostile text', () => {
  const nested = Array.from(
    { length: 40 },
    (_, index) => `a${index}: &a${index} [${`*a${index - 1}, `.repeat(9)}]`,
  );
  it.each([
    ['of two megabytes', VALID + '# filler\n'.repeat(250_000), 'must be at most 1 MiB'],
    ['of one and a half megabytes in three-byte characters', '가'.repeat(500_000), 'must be at most 1 MiB'],
    ['with a bomb of aliases', nested.join('\n'), 'must be written out, got the alias "*a'],
    ['with an alias of itself', 'a: &a [*a]', 'must be written out'],
    ['of opening brackets', '['.repeat(mebibyte), 'is nested too deeply'],
    ['of opening mappings', '{a: '.repeat(mebibyte / 4), 'is nested too deeply'],
    ['of list dashes', '- '.repeat(mebibyte / 2), 'is nested too deeply'],
    ['of explicit keys', '? '.repeat(mebibyte / 2), 'is nested too deeply'],
    [
      'indented ever deeper',
      Array.from({ length: 1400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      'is nested too deeply',
    ],
    [
      'of a hundred thousand keys',
      Array.from({ length: 80_000 }, (_, i) => `k${i}: 1`).join('\n'),
      'must have at most 50000 tokens',
    ],
    ['of one key again and again', 'name: x\n'.repeat(6000), 'is written twice, first in line 1'],
    ['of closing brackets', ']'.repeat(40_000), 'problems'],
    ['of quotes', '"'.repeat(mebibyte), 'must have at most 50000 tokens'],
    ['of one long word', 'a'.repeat(mebibyte), 'must be a mapping, got "aaa'],
    [
      'with a name of a megabyte',
      VALID.replace('My programme', `"${'a'.repeat(mebibyte - 4000)}\\u0001"`),
      'must have at most 200 characters',
    ],
    [
      'with a note of a megabyte',
      VALID.replace(
        'My Release 100B',
        `R\n    declared: [{ from: x, note: "${'a'.repeat(mebibyte - 4000)}\\u0001" }]`,
      ),
      'must have at most 2000 characters',
    ],
    [
      'of random bytes',
      Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256)).toString('utf8'),
      'must be plain text',
    ],
  ])('%s is refused', (_, text, expected) => {
    expect(() => parseProgramme(text, 'p.yaml')).toThrow(UsageError);
    expect(() => parseProgramme(text, 'p.yaml')).toThrow(expected);
  });

  it('is read or refused with a UsageError, whatever it is', () => {
    const pieces = fc.constantFrom(
      ...[
        '- ',
        ': ',
        '? ',
        '[',
        ']',
        '{',
        '}',
        ', ',
        '\n',
        '  ',
        '\t',
        '"',
        "'",
        '|',
        '>',
        '&a ',
        '*a',
        '!t ',
        '#',
        '%',
        '---\n',
      ],
      ...[
        '...\n',
        'a',
        '1',
        '.nan',
        'null',
        'zoo:',
        'id',
        '<<',
        '__proto__',
        'constructor',
        '\\',
        '\u0000',
        '가',
        '\ud83d',
      ],
    );
    const edit = fc.tuple(fc.nat(VALID.length), fc.nat(12), fc.array(pieces, { maxLength: 8 }));
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
      fc
        .array(edit, { minLength: 1, maxLength: 4 })
        .map((edits) =>
          edits.reduce(
            (current, [at, drop, parts]) => current.slice(0, at) + parts.join('') + current.slice(at + drop),
            VALID,
          ),
        ),
    );
    fc.assert(
      fc.property(text, (sample) => {
        try {
          canonicalJson(parseProgramme(sample, 'p.yaml'));
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
      { numRuns: 600, seed: 20260101 },
    );
  });
});
