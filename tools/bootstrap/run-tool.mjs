import { prepare } from './prepare.mjs';
import { runCommand } from './run-command.mjs';

/**
 * Runs a built program of `tools`: `run-tool.mjs power [argument …]` runs tools/dist/power/main.js, as `jokbo` runs (see
 * apps/cli/bin/jokbo.js).
 */
const [, , program, ...args] = process.argv;
const [folder, name = 'main'] = program.split('/');
await prepare();
process.exitCode = await runCommand(process.execPath, [
  '--no-incremental-marking',
  `tools/dist/${folder}/${name}.js`,
  ...args,
]);
