import { canonicalJson, UsageError } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { parseProgramme } from './parse-programme.js';

/** A programme whose only subject says what a test gives it, from line 8 on. */
const programmeWith = (said: string): string => `version: 1
name: Test
subjects:
  - id: one
    team: Team A
    release: One
    source: one
${said}references:
  - { id: base, name: Base, source: base }
`;
const reply = (text: string): string => programmeWith(`    replies: [${text}]\n`);
const declared = (text: string): string => programmeWith(`    declared: [{ from: base, ${text} }]\n`);

describe('what a team says in a programme', () => {
  it('is read with its date and author', () => {
    const text = programmeWith(`    declared: [{ from: base, date: 2024-02-29, author: Ms. Lee }]
    replies:
      - { date: 2026-01-12, author: 김 팀장, reference: base, component: attention, text: "We did.\\nOnce." }
      - date: 2026-01-13
        author: Ms. Lee
        text: |
          Two lines,
          of the whole release.
`);
    expect(parseProgramme(text, 'p.yaml').subjects[0]).toMatchObject({
      lineage: [{ from: 'base', components: [], note: null, date: '2024-02-29', author: 'Ms. Lee' }],
      replies: [
        {
          reference: 'base',
          component: 'attention',
          date: '2026-01-12',
          author: '김 팀장',
          text: 'We did.\nOnce.',
        },
        {
          reference: null,
          component: null,
          date: '2026-01-13',
          author: 'Ms. Lee',
          text: 'Two lines,\nof the whole release.\n',
        },
      ],
    });
  });

  it('changes nothing where it is an empty list', () => {
    const [none, empty] = [programmeWith(''), programmeWith('    replies: []\n')].map((text) =>
      canonicalJson(parseProgramme(text, 'p.yaml')),
    );
    expect(empty).toBe(none);
  });

  const said = 'date: 2026-01-12, author: A';
  it.each([
    [declared('date: 2026-1-5'), '8:36: subjects[0].declared[0].date: must be a valid date (A day'],
    [declared('date: 20260105'), '8:36: subjects[0].declared[0].date: must be a string (in quotes)'],
    [declared('author: "\\e[2J"'), '8:38: subjects[0].declared[0].author: must be a valid text'],
    [declared('date: 2026-02-29'), '8:36: subjects[0].declared[0].date: must be a day of the calendar'],
    [reply(`{ ${said} }`), '8:15: subjects[0].replies[0]: must have the key "text"'],
    [reply('{ author: A, text: B }'), '8:15: subjects[0].replies[0]: must have the key "date"'],
    [reply('{ date: 2026-01-12, text: B }'), '8:15: subjects[0].replies[0]: must have the key "author"'],
    [
      reply(`{ ${said}, txt: B }`),
      '8:46: subjects[0].replies[0].txt: is not a known key (did you mean "text"?)',
    ],
    [
      reply(`{ ${said}, text: " \\n" }`),
      '8:52: subjects[0].replies[0].text: must be a valid text of a reply',
    ],
    [
      reply(`{ ${said}, text: "a\\e]0;x" }`),
      '8:52: subjects[0].replies[0].text: must be a valid text of a reply',
    ],
    [
      reply(`{ ${said}, text: ${'가'.repeat(8001)} }`),
      '8:52: subjects[0].replies[0].text: must have at most 8000 characters',
    ],
    [
      reply(`{ ${said}, text: B, component: atention }`),
      '8:66: subjects[0].replies[0].component: must be one of embedding,',
    ],
    [
      reply('{ date: 2026-04-31, author: A, text: B }'),
      '8:23: subjects[0].replies[0].date: must be a day of the calendar, got "2026-04-31"',
    ],
    [
      reply(`{ ${said}, text: B, reference: bse }`),
      '8:66: subjects[0].replies[0].reference: must be the id of a reference, got "bse" (did you mean "base"?)',
    ],
    [
      reply(`{ ${said}, text: B, reference: one }`),
      '8:66: subjects[0].replies[0].reference: must be the id of a reference, got "one", a subject',
    ],
  ])('is refused at its line and key: %#', (text, expected) => {
    let refusal: unknown;
    try {
      parseProgramme(text, 'programme.yaml');
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(UsageError);
    const lines = (refusal as UsageError).message.split('\n');
    expect(
      lines.some((line) => line.startsWith(`programme.yaml:${expected}`)),
      lines.join('\n'),
    ).toBe(true);
  });
});
