import type { TrainingSection } from '@jokbo/contracts';
import { terminalStyle, type TerminalOptions } from './terminal-style.js';
import { trainingLines } from './training-lines.js';

/** The tests of a training trajectory for a terminal: a table of tests, the path, and what failed tests found. */
export function renderTrajectory(section: TrainingSection, options: TerminalOptions): string {
  const language = options.language ?? 'en';
  const blocks = trainingLines(section, section.subject, terminalStyle(options, language), language);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
