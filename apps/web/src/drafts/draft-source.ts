import type { ResultDocument } from '@jokbo/contracts';

/** A result that is not published. */
export interface Draft {
  readonly digest: string;
  readonly document: ResultDocument;
  /** When its file was written. */
  readonly at: Date;
}

/** Where drafts come from, and what opens them. */
export interface DraftSource {
  /** At least {@link MIN_TOKEN_LENGTH} characters. */
  readonly token: string;
  readonly list: () => Promise<readonly Draft[]>;
}

/** Shortest token: 32 hexadecimal digits are 128 bits, which nobody guesses at 600 requests a minute. Characters. */
export const MIN_TOKEN_LENGTH = 32;
