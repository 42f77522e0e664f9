import { ko } from './messages-ko.js';
import { en, type MessageKey, type Messages } from './messages-en.js';

export type { MessageKey, Messages } from './messages-en.js';

/** Languages in which every report can be written. */
export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The one keyed table behind every report format. */
export const MESSAGES: Readonly<Record<Language, Messages>> = { en, ko };

/** Writes one message; `{name}` in it is replaced by the value of that name. */
export type Translate = (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;

/**
 * Binds the message table to one language.
 *
 * Values are inserted in one pass, so a value that itself contains `{name}` is left as it is.
 */
export function translator(language: Language): Translate {
  const table = MESSAGES[language];
  return (key, values = {}) => {
    const known = new Map(Object.entries(values));
    return table[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(known.get(name) ?? whole));
  };
}
