import type { VerdictReason } from '@jokbo/contracts';
import { MESSAGES, translator, type Language, type MessageKey } from './messages.js';

/**
 * The message that says what the code of a reason means: the text beside it is English, with its figures.
 *
 * @returns null for a code that no message has, as a newer tool may write.
 */
export function reasonMeaning(code: string): MessageKey | null {
  const key = `reason_${code.replace('<-', '_from_').replaceAll('-', '_')}`;
  return isMessage(key) ? key : null;
}

/** A reason for a terminal: its code and its English text, after what it means where that is not English. */
export function reasonSentence({ code, text }: VerdictReason, language: Language): string {
  const meaning = language === 'en' ? null : reasonMeaning(code);
  return meaning === null ? `${code}: ${text}` : `${translator(language)(meaning)} (${code}: ${text})`;
}

function isMessage(key: string): key is MessageKey {
  return Object.hasOwn(MESSAGES.en, key);
}
