import { markdownTable } from '../power/report/markdown-table.js';
import type { ScenarioOutcome } from './run-campaign.js';

/** Longest error in the table, UTF-16 code units. */
const LONGEST_ERROR = 60;

/** `docs/faults.md`: what was done to an audit on a fleet, and what came of it. */
export function faultsDocument(outcomes: readonly ScenarioOutcome[], seed: string): string {
  const total = outcomes.reduce((sum, { faults }) => sum + faults, 0);
  const failed = outcomes.filter(({ failure }) => failure !== null).length;
  const rows = outcomes.map(({ name, faults, audits, errors, seconds, failure }) => [
    name,
    String(faults),
    String(audits),
    errors.length === 0 ? 'the same document' : `${errors.map(shortened).join('; ')}; then the same document`,
    failure ?? 'yes',
    seconds.toFixed(0),
  ]);
  const notes = outcomes.flatMap(({ note }) => note ?? []).map((note) => `\n${note}\n`);
  return `# Faults

\`npm run test:faults -- --write\` makes this page; \`--kills 1000\` is the long form. An audit of three models of the zoo, one pair over all elements, runs on a Temporal server, an S3 server that makes faults, Postgres, one worker of workflows and two of activities, all real processes. The bytes of every result are compared with those of an audit without faults, and it must be in the database once. A fault of one model must give a result that says so, and nothing clean without it.

Seed ${JSON.stringify(seed)}: ${outcomes.length} scenarios, ${total} faults, ${failed} failed.

${markdownTable(['fault', 'times', 'audits', 'the audit gives', 'as it should', 's'], rows)}
${notes.join('')}`;
}

function shortened(error: string): string {
  return error.length > LONGEST_ERROR ? `${error.slice(0, LONGEST_ERROR)}…` : error;
}
