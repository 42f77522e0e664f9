import { DEFAULT_FEATURES } from '@jokbo/fingerprint';
import { shellWord, shellWords } from '../shell-words.js';

/** What `jokbo trajectory` is told, so that it measures training records again. */
export interface TrajectoryReproduction {
  /** Where the release lies: below the folder in which the command is run, or a URI. */
  readonly release: string;
  /** Where its training records lie. */
  readonly training: string;
  readonly references: readonly string[];
  /** Joined features per pair; default that of `jokbo trajectory`. */
  readonly features?: number | undefined;
}

/** The command line that measures training records again, quoted for a POSIX shell. */
export function trajectoryCommand(reproduction: TrajectoryReproduction): string {
  const { release, training, references, features = DEFAULT_FEATURES } = reproduction;
  return [
    `jokbo trajectory ${shellWord(release)} --training ${shellWord(training)}`,
    ...references.map((source) => `--reference ${shellWord(source)}`),
    `--features ${features}`,
  ].join(' ');
}

/** What {@link trajectoryCommand} was made of; null where the text is none of its commands. */
export function parseTrajectoryCommand(text: string): TrajectoryReproduction | null {
  const [jokbo, trajectory, release, ...options] = shellWords(text) ?? [];
  if (jokbo !== 'jokbo' || trajectory !== 'trajectory' || release === undefined) return null;
  const references: string[] = [];
  let training: string | undefined;
  let features: number | undefined;
  for (let at = 0; at < options.length; at += 2) {
    const value = options[at + 1];
    if (value === undefined) return null;
    switch (options[at]) {
      case '--training':
        training = value;
        break;
      case '--reference':
        references.push(value);
        break;
      case '--features':
        if (!/^[1-9]\d{0,8}$/.test(value)) return null;
        features = Number(value);
        break;
      default:
        return null;
    }
  }
  if (training === undefined) return null;
  return { release, training, references, ...(features === undefined ? {} : { features }) };
}
