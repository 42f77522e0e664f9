import { canonicalJson, UsageError } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { builtInRules } from './built-in-rules.js';
import { parseProgramme } from './parse-programme.js';

/** A valid programme; the cases below break one thing each, so that its line numbers matter. */
const VALID = `version: 1
name: Test
language: en
storage:
  zoo: .
subjects:
  - id: one
    team: Team A
    release: One
    source: zoo:one
    declared: [{ from: base, components: [attention], note: said so }]
references:
  - id: base
    name: Base
    source: zoo:base
    family: kin
  - id: tuned
    name: Tuned
    source: zoo:tuned
    family: kin
  - id: other
    name: Other
    source: other
controls:
  negative: [other]
  positive: [{ derivative: tuned, base: base }]
budget: { features: 4096 }
full: [{ subject: one, reference: base }]
rules: { id: jokbo-1-tier1, require_tier3: false }
`;

function refusalOf(text: string): UsageError {
  try {
    parseProgramme(text, 'file:///data/programme.yaml');
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

/** VALID with one text replaced; the text must occur. */
function broken(from: string, to: string): string {
  expect(VALID).toContain(from);
  return VALID.replace(from, () => to);
}

describe('a valid programme', () => {
  it('is read with everything it says', () => {
    expect(parseProgramme(VALID, 'programme.yaml')).toEqual({
      version: 1,
      name: 'Test',
      language: 'en',
      roots: { zoo: '.' },
      subjects: [
        {
          id: 'one',
          team: 'Team A',
          release: 'One',
          source: 'zoo:one',
          lineage: [{ from: 'base', components: ['attention'], note: 'said so' }],
          training: null,
        },
      ],
      references: [
        { id: 'base', name: 'Base', source: 'zoo:base', family: 'kin' },
        { id: 'tuned', name: 'Tuned', source: 'zoo:tuned', family: 'kin' },
        { id: 'other', name: 'Other', source: 'other', family: 'other' },
      ],
      controls: { negative: ['other'], positive: [{ derivative: 'tuned', base: 'base' }] },
      budget: { features: 4096 },
      full: [{ subject: 'one', reference: 'base' }],
      rules: { ...builtInRules('jokbo-1-tier1'), require_tier3: false },
    });
  });

  it('gets cautious defaults for what it leaves out', () => {
    const text =
      'version: 1\nname: N\nsubjects: [{id: a, team: T, release: R, source: a}]\nreferences: [{id: b, name: B, source: b}]';
    const { language, roots, controls, budget, full, rules } = parseProgramme(text, 'p.yaml');
    expect({ language, roots, controls, budget, full, rules }).toEqual({
      language: 'ko',
      roots: {},
      controls: { negative: [], positive: [] },
      budget: { features: 32768 },
      full: [],
      rules: { ...builtInRules('jokbo-1-tier1'), require_tier3: true },
    });
  });

  it('may be JSON, have CRLF line ends, a byte order mark, anchors without aliases and Korean names', () => {
    const plain = canonicalJson(parseProgramme(VALID, 'p.yaml'));
    expect(canonicalJson(parseProgramme(`\ufeff${VALID.replaceAll('\n', '\r\n')}`, 'p.yaml'))).toBe(plain);
    expect(canonicalJson(parseProgramme(broken('[other]', '&a [other]'), 'p.yaml'))).toBe(plain);
    expect(parseProgramme(broken('Team A', '가 팀'), 'p.yaml').subjects[0]?.team).toBe('가 팀');
    const json = JSON.stringify({
      version: 1,
      name: 'N',
      subjects: [{ id: 'a', team: 'T', release: 'R', source: 'a' }],
      references: [{ id: 'b', name: 'B', source: 'b' }],
    });
    expect(parseProgramme(json, 'p.json').references[0]?.family).toBe('b');
  });

  it('takes a declared ancestor that is not in the file', () => {
    const text = broken('from: base', 'from: "a model of 2023, unpublished"');
    expect(parseProgramme(text, 'p.yaml').subjects[0]?.lineage[0]?.from).toMatch(/^a model of 2023/);
  });

  it('may have a release that is subject and reference', () => {
    expect(parseProgramme(broken('source: zoo:one', 'source: zoo:base'), 'p.yaml').subjects).toHaveLength(1);
  });
});

/** What is replaced in VALID, by what, and the start of the line that must be reported. */
const FORM: readonly (readonly [string, string, string])[] = [
  ['version: 1', 'version: 2', '1:10: version: must be 1, got 2'],
  ['version: 1', 'version: "1"', '1:10: version: must be 1, got "1"'],
  ['version: 1', 'versoin: 1', '1:1: versoin: is not a known key (did you mean "version"?)'],
  ['name: Test', 'title: Test', '1:1: must have the key "name"'],
  ['name: Test', 'name: 2026', '2:7: name: must be a string (in quotes), got 2026'],
  ['name: Test', 'name: true', '2:7: name: must be a string (in quotes), got true'],
  ['name: Test', 'name:', '2:6: name: must be a string, got nothing'],
  ['name: Test', 'name: ""', '2:7: name: must have at least 1 character, got ""'],
  ['name: Test', 'name: "a\\u001b[2J"', '2:7: name: must be a valid text (One line'],
  ['name: Test', 'name: "  "', '2:7: name: must be a valid text (One line'],
  [
    'name: Test',
    `name: ${'x'.repeat(201)}`,
    `2:7: name: must have at most 200 characters, got "${'x'.repeat(60)}…"`,
  ],
  ['language: en', 'language: kr', '3:11: language: must be one of ko, en (did you mean "ko"?), got "kr"'],
  ['  zoo: .', '  zoo: [.]', '5:8: storage.zoo: must be a string, got a list'],
  ['  zoo: .', '  z: .', '5:3: storage.z: is not a valid root name'],
  ['  zoo: .', '  zoo: .\n  __proto__: .', '6:3: storage.__proto__: is not a valid root name'],
  ['  zoo: .', '  zoo: .\n  "a b": .', '6:3: storage["a b"]: is not a valid root name'],
  ['storage:\n  zoo: .', 'storage: zoo', '4:10: storage: must be a mapping, got "zoo"'],
  ['team: Team A', 'team: 3', '8:11: subjects[0].team: must be a string (in quotes), got 3'],
  ['team: Team A', 'tem: Team A', '8:5: subjects[0].tem: is not a known key (did you mean "team"?)'],
  ['team: Team A', 'tem: Team A', '7:5: subjects[0]: must have the key "team"'],
  ['team: Team A', '__proto__: { team: x }', '8:5: subjects[0].__proto__: is not a known key'],
  ['team: Team A', 'constructor: x', '8:5: subjects[0].constructor: is not a known key'],
  ['id: one', 'id: "a b"', '7:9: subjects[0].id: must be a valid id (Letters'],
  ['id: one', 'id: -one', '7:9: subjects[0].id: must be a valid id (Letters'],
  ['id: one', 'id: a|b', '7:9: subjects[0].id: must be a valid id (Letters'],
  ['id: one', 'id: 1.5', '7:9: subjects[0].id: must be a string (in quotes), got 1.5'],
  ['source: zoo:one', 'source: zoo:', '10:13: a value that holds ": " or ends with ":" must be in quotes'],
  ['[attention]', '[atention]', '11:43: subjects[0].declared[0].components[0]: must be one of embedding,'],
  [
    '[attention]',
    '[mlp, mlp]',
    '11:42: subjects[0].declared[0].components: must not repeat an entry (0 and 1)',
  ],
  ['[attention]', 'attention', '11:42: subjects[0].declared[0].components: must be a list, got "attention"'],
  ['negative: [other]', 'negative: other', '25:13: controls.negative: must be a list, got "other"'],
  ['negative: [other]', 'negative: [null]', '25:14: controls.negative[0]: must be a string, got nothing'],
  [
    '{ derivative: tuned, base: base }',
    '{ derivative: tuned }',
    '26:14: controls.positive[0]: must have the key "base"',
  ],
  [
    '{ derivative: tuned, base: base }',
    '[tuned, base]',
    '26:14: controls.positive[0]: must be a mapping, got a list',
  ],
  ['features: 4096', 'features: .nan', '27:21: budget.features: must be a whole number, got NaN'],
  ['features: 4096', 'features: .inf', '27:21: budget.features: must be a whole number, got Infinity'],
  ['features: 4096', 'features: 1e400', '27:21: budget.features: must be a whole number, got Infinity'],
  ['features: 4096', 'features: 4096.5', '27:21: budget.features: must be a whole number, got 4096.5'],
  ['features: 4096', 'features: "4096"', '27:21: budget.features: must be a whole number, got "4096"'],
  ['features: 4096', 'features: 0', '27:21: budget.features: must be at least 64, got 0'],
  ['features: 4096', 'features: -0', '27:21: budget.features: must be at least 64, got 0'],
  ['features: 4096', 'features: 99999999', '27:21: budget.features: must be at most 1048576, got 99999999'],
  ['full: [{ subject: one, reference: base }]', 'full: [one]', '28:8: full[0]: must be a mapping, got "one"'],
  [
    'require_tier3: false',
    'require_tier3: yes',
    '29:44: rules.require_tier3: must be true or false, got "yes"',
  ],
  [
    'id: jokbo-1-tier1',
    'id: jokbo-1',
    '29:14: rules.id: must be jokbo-1-tier1, round-1, or the path of a .yaml file below this one, got "jokbo-1"',
  ],
  [
    'rules: { id: jokbo-1-tier1, require_tier3: false }',
    'rules: ../other.yaml',
    '29:8: rules: must be jokbo',
  ],
  [
    'rules: { id: jokbo-1-tier1, require_tier3: false }',
    'rules: 3',
    '29:8: rules: must be a string or a mapping',
  ],
];

const SYNTAX: readonly (readonly [string, string, string])[] = [
  ['name: Test', 'name: Test\nname: Again', '3:1: name: is written twice, first in line 2'],
  ['release: One', 'release: One\n    id: two', '10:5: subjects[0].id: is written twice, first in line 7'],
  [
    'name: Test',
    'name: Test\n__proto__: 1\n__proto__: 2',
    '4:1: __proto__: is written twice, first in line 3',
  ],
  ['  zoo: .', '\tzoo: .', '5:1: Tabs are not allowed as indentation'],
  ['name: Test', 'name: "Test', '30:1: Missing closing "quote'],
  ['name: Test', 'name: a: b', '2:7: a value that holds ": "'],
  ['name: Test', 'name: @test', '2:7: Plain value cannot start with reserved character @'],
  ['[other]', '[other', '26:3: Flow sequence'],
  ['  zoo: .', '  zoo: &x .\n  two: *x', '6:8: storage.two: must be written out, got the alias "*x"'],
  ['[other]', '*none', '25:13: controls.negative: must be written out, got the alias "*none"'],
  ['name: Test', '<<: { name: Test }', '2:1: ["<<"]: is not a known key'],
  ['name: Test', 'name: !secret Test', '2:7: Unresolved tag: !secret'],
  ['name: Test', 'name: !!binary VGVzdA==', '2:7: Unresolved tag: tag:yaml.org,2002:binary'],
  ['name: Test', 'name: !!str Test', '2:13: name: must have no tag'],
  ['name: Test', '? [name]\n: Test', '2:3: a key must be a plain name'],
  ['name: Test', 'name: Test\n---\nname: Test', '3:1: must hold one document'],
  ['name: Test', 'name: T\0st', '2:8: must be plain text, got the character U+0000'],
  ['name: Test', 'name: T\ud800st', '2:8: must be plain text, got the character U+D800'],
  ['name: Test', 'name: T\ufffdst', '2:8: must be plain text, got the character U+FFFD'],
];

const CONTENT: readonly (readonly [string, string, string])[] = [
  ['id: other', 'id: base', '21:9: references[2].id: must be unique, got "base" as in line 13'],
  ['id: one', 'id: base', '13:9: references[0].id: must be unique, got "base" as in line 7'],
  ['id: other', 'id: Base', '21:9: references[2].id: must differ by more than case from "base" in line 13'],
  [
    'source: zoo:one',
    'source: zo:one',
    '10:13: subjects[0].source: There is no storage root "zo" (did you mean "zoo"?)',
  ],
  [
    'source: zoo:one',
    'source: constructor:one',
    '10:13: subjects[0].source: There is no storage root "constructor"',
  ],
  ['source: zoo:one', 'source: zoo:../one', '10:13: subjects[0].source: This path leads out of its root'],
  ['source: zoo:one', 'source: ../one', '10:13: subjects[0].source: This path leads out of its root'],
  [
    'source: zoo:one',
    'source: https://x.test/one',
    '10:13: subjects[0].source: Only paths, file://, s3:// and hub://',
  ],
  [
    'source: zoo:one',
    'source: zoo:one\n    training: zoo:../x',
    '11:15: subjects[0].training: This path leads',
  ],
  [
    'source: zoo:tuned',
    'source: zoo:base',
    '19:13: references[1].source: must differ from the source in line 15',
  ],
  [
    'source: zoo:tuned',
    'source: ./base',
    '19:13: references[1].source: must differ from the source in line 15',
  ],
  ['  zoo: .', '  zoo: gs://bucket', '5:8: storage.zoo: Only paths, file://, s3:// and hub://'],
  ['  zoo: .', '  zoo: .\n  deep: zoo:x', '6:9: storage.deep: A root cannot be named by another root'],
  [
    'negative: [other]',
    'negative: [othr]',
    '25:14: controls.negative[0]: must be the id of a reference, got "othr" (did you mean "other"?)',
  ],
  [
    'negative: [other]',
    'negative: [one]',
    '25:14: controls.negative[0]: must be the id of a reference, got "one", a subject',
  ],
  ['negative: [other]', 'negative: [other, other]', '25:21: controls.negative[1]: must not be listed twice'],
  [
    'derivative: tuned',
    'derivative: one',
    '26:28: controls.positive[0].derivative: must be the id of a reference, got "one", a subject',
  ],
  [
    'base: base',
    'base: bse',
    '26:41: controls.positive[0].base: must be the id of a reference, got "bse" (did you mean "base"?)',
  ],
  ['base: base', 'base: tuned', '26:41: controls.positive[0].base: must not be the derivative itself'],
  [
    'base: base',
    'base: other',
    '26:14: controls.positive[0]: must be of one family, got "tuned" of "kin" and "other" of "other"',
  ],
  [
    'source: other',
    'source: other\n    family: base',
    '24:13: references[2].family: must be "kin", the family of the reference "base"',
  ],
  [
    'negative: [other]',
    'negative: [other]\n  alike: [[base, tuned]]',
    '26:11: controls.alike[0]: must be of two families, got "base" and "tuned" of one',
  ],
  [
    'negative: [other]',
    'negative: [other]\n  alike: [[base, othr]]',
    '26:18: controls.alike[0][1]: must be the id of a reference, got "othr" (did you mean "other"?)',
  ],
  ['subject: one', 'subject: oen', '28:19: full[0].subject: must be the id of a subject, got "oen"'],
  [
    'reference: base',
    'reference: one',
    '28:35: full[0].reference: must be the id of a reference, got "one", a subject',
  ],
  [
    'reference: base }',
    'reference: base }, { subject: one, reference: base }',
    '28:43: full[1]: must not be listed twice',
  ],
  ['from: base', 'from: one', '11:24: subjects[0].declared[0].from: must be another model, got "one"'],
];

describe.each([
  ['form', FORM],
  ['syntax', SYNTAX],
  ['content', CONTENT],
])('a wrong programme: %s', (_, cases) => {
  it.each(cases)('%j → %j', (from, to, expected) => {
    const error = refusalOf(broken(from, to));
    expect(error.object).toBe('file:///data/programme.yaml');
    const lines = error.message.split('\n');
    expect(
      lines.some((line) => line.startsWith(`programme.yaml:${expected}`)),
      error.message,
    ).toBe(true);
  });
});

describe('a wrong programme', () => {
  it.each([
    ['nothing', '', 'must hold a mapping, got an empty file'],
    ['white space', ' \n\n', 'must hold a mapping, got an empty file'],
    ['comments', '# a\n# b\n', 'must hold a mapping, got an empty file'],
    ['null', 'null', 'must hold a mapping, got an empty file'],
    ['a document start', '---\n', 'must hold a mapping, got an empty file'],
    ['a word', 'hello', '1:1: must be a mapping, got "hello"'],
    ['a list', '- a', '1:1: must be a mapping, got a list'],
    [
      'an HTML page',
      '<!DOCTYPE html>\n<html></html>',
      '1:1: must be a mapping, got "<!DOCTYPE html> <html></html>"',
    ],
    [
      'UTF-16',
      Buffer.from(VALID, 'utf16le').toString('utf8'),
      'must be plain text, got the character U+0000',
    ],
  ])('that is %s', (_, text, expected) => {
    expect(refusalOf(text).message).toContain(expected);
  });

  it('is reported whole: every problem in file order, and how many', () => {
    const text = VALID.replace('language: en', 'language: fr')
      .replace('id: one', 'id: 1')
      .replace('zoo: .', 'zoo: 2');
    const lines = refusalOf(text).message.split('\n');
    expect(lines.map((line) => line.split(': ').slice(0, 2).join(': '))).toEqual([
      'programme.yaml:3:11: language',
      'programme.yaml:5:8: storage.zoo',
      'programme.yaml:7:9: subjects[0].id',
      '3 problems (object file:///data/programme.yaml)',
    ]);
  });

  it('lists at most 20 problems and counts the rest', () => {
    const text = broken('[other]', `[${Array.from({ length: 50 }, (_, index) => `x${index}`).join(', ')}]`);
    const lines = refusalOf(text).message.split('\n');
    expect(lines).toHaveLength(22);
    expect(lines[20]).toBe('and 30 more');
    expect(lines[21]).toMatch(/^50 problems/);
  });

  it('does not repeat control characters or long values', () => {
    const { message } = refusalOf(broken('language: en', `language: "\\e[2J${'x'.repeat(5000)}"`));
    expect(message).not.toContain('\u001b');
    expect(message.length).toBeLessThan(300);
  });

  it('pollutes no prototype', () => {
    refusalOf(
      broken(
        '  zoo: .',
        '  zoo: .\n  __proto__: { polluted: yes }\n  constructor: { prototype: { polluted: yes } }',
      ),
    );
    refusalOf(broken('name: Test', '__proto__: { polluted: yes }\nname: Test'));
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('hides no unknown root behind a name that objects inherit', () => {
    const text = broken('source: zoo:one', 'source: toString:one');
    expect(refusalOf(text).message).toContain('There is no storage root "toString"');
  });
});
