import { faultTotals } from './fault-totals.mjs';
import { prepare } from './prepare.mjs';
import { runCommand } from './run-command.mjs';
import { closeRun, vitestTotals } from './vitest-totals.mjs';
import { progress } from './workspace.mjs';

const CHECKS = [
  { name: 'lint', command: 'nx', args: ['run-many', '-t', 'lint'] },
  { name: 'typecheck', command: 'nx', args: ['run-many', '-t', 'typecheck'] },
  // A build outside of continuous integration stops where project references are stale.
  { name: 'project references', command: 'nx', args: ['sync:check'] },
  { name: 'format', command: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
];

await prepare();
let passedChecks = 0;
for (const { name, command, args } of CHECKS) {
  const code = await runCommand(command, args);
  progress(`${name} ${code === 0 ? 'passed' : `failed with exit code ${code}`}`);
  if (code === 0) passedChecks += 1;
}
const tests = await vitestTotals(process.argv.slice(2));
// Minutes of killed servers: continuous integration has them, whoever changes one file does not.
const faults = process.env.CI === 'true' ? await faultTotals() : { passed: 0, failed: 0, skipped: [] };
closeRun({
  passed: passedChecks + tests.passed + faults.passed,
  failed: CHECKS.length - passedChecks + tests.failed + faults.failed,
  skipped: [...tests.skipped, ...faults.skipped],
});
