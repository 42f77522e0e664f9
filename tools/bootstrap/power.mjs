import { prepare } from './prepare.mjs';
import { runCommand } from './run-command.mjs';

await prepare();
process.exitCode = await runCommand(process.execPath, [
  // As `jokbo` runs: see apps/cli/bin/jokbo.js.
  '--no-incremental-marking',
  'tools/dist/power/main.js',
  ...process.argv.slice(2),
]);
