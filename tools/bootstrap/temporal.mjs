import { prepare } from './prepare.mjs';
import { runCommand } from './run-command.mjs';

await prepare();
process.exitCode = await runCommand(process.execPath, ['tools/dist/servers/temporal-main.js']);
