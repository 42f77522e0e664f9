import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BadCase } from '../bad-case.js';
import { programmeText } from '../commands.js';

/** Line 5 is the subject, line 7 the reference. */
const SOUND = programmeText('models/subject', 'models/reference');

type Row = readonly [name: string, mentions: readonly string[], text: string | Uint8Array];

const NOT_YAML: readonly Row[] = [
  ['an empty file', ['programme.yaml', 'empty file'], ''],
  ['a file of comments', ['programme.yaml', 'empty file'], '# nothing yet\n'],
  ['binary data', ['programme.yaml', 'UTF-8'], Buffer.from([0xff, 0xfe, 0, 1, 2])],
  ['control characters', ['programme.yaml:2:', 'U+0007'], 'version: 1\nname: \u0007\n'],
  ['a megabyte and more', ['programme.yaml', '1048577'], Buffer.alloc(2 ** 20 + 1, 'x')],
  ['an HTML page', ['programme.yaml'], '<!doctype html>\n<html>\n'],
  ['an LFS pointer', ['programme.yaml'], 'version https://git-lfs.github.com/spec/v1\noid sha256:00\n'],
  ['JSON that is cut off', ['programme.yaml:1:'], '{"version": 1, "subjects": [{'],
  ['a tab as indent', ['programme.yaml:4:'], 'version: 1\nname: a\nsubjects:\n\t- id: a\n'],
  ['an open quote', ['programme.yaml:'], 'version: 1\nname: "never closed\n'],
  ['two documents', ['programme.yaml:', 'one document'], `${SOUND}---\n${SOUND}`],
  ['a bomb of aliases', ['alias'], 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n'],
  [
    'a tag',
    ['programme.yaml:2:', 'tag', 'python/object:os.system'],
    SOUND.replace('Bad input', '!!python/object:os.system "ls"'),
  ],
  ['brackets without end', ['nested too deeply'], '['.repeat(100_000)],
  ['a list', ['must be a mapping'], '- version: 1\n'],
  ['a text', ['must be a mapping'], 'hello\n'],
];

const NOT_A_PROGRAMME: readonly Row[] = [
  ['no fields', ['version', 'subjects', 'references'], '{}\n'],
  ['another version', ['programme.yaml:1:', 'version', '2'], SOUND.replace('version: 1', 'version: 2')],
  ['an unknown key', ['programme.yaml:3:', 'langauge', 'language'], SOUND.replace('language', 'langauge')],
  ['a key twice', ['programme.yaml:3:', 'name', 'twice'], SOUND.replace('language: en', 'name: Again')],
  ['an unknown language', ['programme.yaml:3:', 'language', '"fr"'], SOUND.replace('en\n', 'fr\n')],
  ['no subjects', ['subjects', 'empty list'], SOUND.replace(/subjects:\n.*\n/, 'subjects: []\n')],
  [
    'a number as team',
    ['programme.yaml:5:', 'subjects[0].team', '7'],
    SOUND.replace('team: Team', 'team: 7'),
  ],
  ['an id with a space', ['programme.yaml:5:', 'subjects[0].id'], SOUND.replace('id: subject', 'id: "a b"')],
  [
    'an id twice',
    ['programme.yaml:7:', '"subject"', 'line 5'],
    SOUND.replace('id: reference', 'id: subject'),
  ],
  ['an empty source', ['subjects[0].source'], SOUND.replace('"models/subject"', '""')],
  ['an unknown root', ['subjects[0].source', 'zoo'], SOUND.replace('models/subject', 'zoo:subject')],
  ['a source that leads out', ['subjects[0].source', '../x'], SOUND.replace('models/subject', '../x')],
  ['a source on the web', ['subjects[0].source', 'https://'], SOUND.replace('models/subject', 'https://a/b')],
  [
    'a control that is not there',
    ['controls.negative[0]', '"gone"'],
    `${SOUND}controls: { negative: [gone] }\n`,
  ],
  [
    'a pair that is not there',
    ['full[0]', '"gone"'],
    `${SOUND}full: [{ subject: gone, reference: reference }]\n`,
  ],
  ['a budget of nothing', ['budget.features', '0'], `${SOUND}budget: { features: 0 }\n`],
  ['a budget in words', ['budget.features', '"many"'], `${SOUND}budget: { features: many }\n`],
  ['unknown rules', ['rules.id', 'jokbo-9'], SOUND.replace('jokbo-1-tier1', 'jokbo-9')],
];

/** Programme files that are refused before any model is opened; `plan` and `audit` take turns. */
export function programmeCases(): readonly BadCase[] {
  return [...NOT_YAML, ...NOT_A_PROGRAMME].map(([name, mentions, text], turn) => {
    const command = turn % 2 === 0 ? 'plan' : 'audit';
    return {
      name: `${name} (${command})`,
      exit: 2,
      error: 'UsageError',
      mentions,
      arrange(dir) {
        const programme = join(dir, 'programme.yaml');
        writeFileSync(programme, text);
        const out = command === 'audit' ? ['--out', join(dir, 'out')] : ['--format', 'json'];
        return { argv: [command, programme, ...out] };
      },
    };
  });
}
