import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './run-command.mjs';

/**
 * Runs the short form of the fault campaign, one scenario of each kind. Without the servers that it needs it is skipped,
 * and says so; a campaign that ends without totals counts as one failure.
 */
export async function faultTotals() {
  const folder = mkdtempSync(join(tmpdir(), 'jokbo-faults-'));
  const file = join(folder, 'totals.json');
  try {
    await runCommand(process.execPath, [
      '--no-incremental-marking',
      'tools/dist/faults/main.js',
      '--short',
      '--totals',
      file,
    ]);
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    console.log(`the fault campaign ended without totals: ${error.message}`);
    return { passed: 0, failed: 1, skipped: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
