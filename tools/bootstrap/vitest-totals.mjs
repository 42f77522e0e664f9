import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './run-command.mjs';
import { ROOT } from './workspace.mjs';

const REPORTER = join(ROOT, 'tools', 'bootstrap', 'vitest-reporter.mjs');

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // No report means that vitest ended before its run did.
    return { passed: 0, failed: 0, skipped: [], unreadable: error.message };
  }
}

/**
 * Runs vitest once. A crash, an error outside of any test, or a run without tests counts as one failure, so
 * that a broken run can never look like a pass.
 */
export async function vitestTotals(args) {
  const folder = mkdtempSync(join(tmpdir(), 'jokbo-vitest-'));
  try {
    const file = join(folder, 'totals.json');
    process.env.JOKBO_TOTALS_FILE = file;
    const reporters = ['--reporter=default', `--reporter=${REPORTER}`];
    const code = await runCommand('vitest', ['run', ...reporters, ...args]);
    const { passed, failed, skipped, unreadable } = readReport(file);
    const empty = passed + failed === 0;
    if (unreadable !== undefined) console.log(`vitest ended with code ${code} and without a report`);
    else if (empty) console.log('vitest ran no test');
    const broken = failed === 0 && (code !== 0 || empty);
    return { passed, failed: broken ? 1 : failed, skipped };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints the skipped tests with their reasons, then the one closing line; sets the exit code. */
export function closeRun({ passed, failed, skipped }) {
  for (const { name, reason } of skipped) console.log(`skipped: ${name} (${reason})`);
  const tail = skipped.length === 0 ? '' : `, ${skipped.length} skipped`;
  console.log(`${passed} passed, ${failed} failed${tail}`);
  process.exitCode = failed === 0 ? 0 : 1;
}
