import { RESULT_FIGURES, type FigureKind, type ResultDocument, type ResultMessage } from '@jokbo/contracts';
import { MESSAGES, tellPhrase, type Language } from '@jokbo/report';
import type { Page } from 'playwright-core';
import { rowsOf, textsOf, type Differences } from './differences.js';

type Told = ResultDocument['pairs'][number]['verdict']['reasons'][number];

/** Compares the figures in the sentences on verdicts, criteria and caveats, as a page tells them in a language. */
export async function checkSentences(
  page: Page,
  document: ResultDocument,
  language: Language,
  differences: Differences,
): Promise<void> {
  const nameOf = (id: string): string => document.models.find((model) => model.id === id)?.name ?? id;
  const check = (where: string, text: string | undefined, told: Told): void => {
    const { message = '', figures = {} } = told;
    const key = message as ResultMessage;
    const wanted = Object.entries<FigureKind>(RESULT_FIGURES[key]);
    const found = pattern(MESSAGES[language][key]).exec((text ?? '').replace(/\s+/g, ' ').trim());
    if (found === null) differences.found.push(`${where} ${message}: ${text ?? 'nothing'}`);
    for (const [name, kind] of found === null ? [] : wanted) {
      const shown = found?.groups?.[name];
      const value = figures[name];
      if (typeof value === 'number' || value === null)
        differences.check(
          `${where} ${name}`,
          shown === MESSAGES.ko.not_measured ? 'not measured' : shown,
          value,
        );
      else differences.same(`${where} ${name}`, shown, words(kind, value, language, nameOf));
    }
  };
  for (const [index, { subject, reference, verdict }] of document.pairs.entries()) {
    const items = await textsOf(page, `#pair-${index} ul.reasons li`);
    const reasons = [
      ...verdict.reasons.map((told) => ({ told, before: '' })),
      ...verdict.components.flatMap(({ component, reasons }) =>
        reasons.map((told) => ({ told, before: `${MESSAGES[language][`component_${component}`]}: ` })),
      ),
    ];
    differences.check(`${subject} ${reference} reasons`, String(items.length), reasons.length);
    for (const [at, { told, before }] of reasons.entries()) {
      const [sentence = ''] = (items[at] ?? '').replace(/\s+/g, ' ').split(` ${told.code}`);
      differences.same(`${subject} ${reference} ${told.code}`, sentence.slice(0, before.length), before);
      check(`${subject} ${reference} ${told.code}`, sentence.slice(before.length), told);
    }
  }
  for (const [index, { subject }] of document.leaderboard.entries()) {
    const rows = await rowsOf(page, `table[data-table="criteria-${index}"] tbody tr`);
    const criteria = document.evaluations?.find((entry) => entry.subject === subject)?.criteria ?? [];
    for (const [position, { id, reasons }] of criteria.entries()) {
      const parts = (rows.get(String(position))?.[3] ?? '').split('; ');
      reasons.forEach((told, at) => check(`${subject} ${id}`, parts[at], told));
    }
  }
  const caveats = await textsOf(page, '#calibration ul.caveats li');
  document.caveat_messages?.forEach((told, at) =>
    check(`caveat ${at}`, caveats[at], { ...told, code: '', records: [], text: '' }),
  );
}

/** What a sentence looks like, with a group for each of its figures. */
function pattern(template: string): RegExp {
  const parts = template.split(/\{(\w+)\}/);
  const source = parts.map((part, at) =>
    at % 2 === 1 ? `(?<${part}>.+)` : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp(`^${source.join('')}$`);
}

function words(kind: FigureKind, value: unknown, language: Language, nameOf: (id: string) => string): string {
  const message = (key: string): string => new Map(Object.entries(MESSAGES[language])).get(key) ?? key;
  const one = (item: unknown): string => {
    const text = String(item);
    if (kind === 'component' || kind === 'components') return message(`component_${text}`);
    if (kind === 'verdict') return message(`verdict_${text}`);
    return kind === 'reference' || kind === 'references' ? nameOf(text) : tellPhrase(text, language);
  };
  return Array.isArray(value) ? value.map(one).join(', ') : one(value);
}
