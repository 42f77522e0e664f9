import { DEFAULT_FEATURES } from '@jokbo/fingerprint';
import { shellWord, shellWords } from './shell-words.js';

/** What `jokbo compare` is told, so that it measures a pair again. */
export interface Reproduction {
  /** Where the models lie: below the folder in which the command is run, or a URI. */
  readonly subject: string;
  readonly reference: string;
  readonly controls: readonly string[];
  /** Joined features per pair; default that of `jokbo compare`. */
  readonly features?: number | undefined;
  readonly full?: boolean | undefined;
  /** Rule set as it was named; absent where the command was told none. */
  readonly rules?: string | undefined;
}

/** The command line that measures a pair again, quoted for a POSIX shell. */
export function reproduceCommand(reproduction: Reproduction): string {
  const { subject, reference, controls, features = DEFAULT_FEATURES, full, rules } = reproduction;
  return [
    `jokbo compare ${shellWord(subject)} ${shellWord(reference)}`,
    ...controls.map((source) => `--control ${shellWord(source)}`),
    `--features ${features}`,
    ...(full === true ? ['--full'] : []),
    ...(rules === undefined ? [] : [`--rules ${shellWord(rules)}`]),
  ].join(' ');
}

/** What {@link reproduceCommand} was made of; null where the text is none of its commands. */
export function parseReproduceCommand(text: string): Reproduction | null {
  const words = shellWords(text);
  if (words === null) return null;
  const [jokbo, compare, subject, reference, ...options] = words;
  if (jokbo !== 'jokbo' || compare !== 'compare' || subject === undefined || reference === undefined)
    return null;
  const controls: string[] = [];
  let features: number | undefined;
  let full = false;
  let rules: string | undefined;
  for (let at = 0; at < options.length; at += 1) {
    const value = options[at + 1];
    switch (options[at]) {
      case '--control':
        if (value === undefined) return null;
        controls.push(value);
        at += 1;
        break;
      case '--features':
        if (value === undefined || !/^[1-9]\d{0,8}$/.test(value)) return null;
        features = Number(value);
        at += 1;
        break;
      case '--rules':
        if (value === undefined) return null;
        rules = value;
        at += 1;
        break;
      case '--full':
        full = true;
        break;
      default:
        return null;
    }
  }
  return {
    ...{ subject, reference, controls, full },
    ...(features === undefined ? {} : { features }),
    ...(rules === undefined ? {} : { rules }),
  };
}
