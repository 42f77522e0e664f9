import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare, prepareCommand } from './prepare.mjs';
import { runCommand } from './run-command.mjs';
import { ROOT, progress } from './workspace.mjs';

/** What the audit may answer: nothing found, a model derives from another, or the evidence does not decide. */
const ANSWERS = new Set([0, 1, 4]);

const DRIVERS = ['local', 'temporal'];

function options() {
  try {
    const { values } = parseArgs({
      options: { out: { type: 'string' }, on: { type: 'string', default: 'local' } },
    });
    if (!DRIVERS.includes(values.on)) throw new Error(`--on is one of ${DRIVERS.join(', ')}`);
    if (values.out === undefined) return { on: values.on, out: join(ROOT, '.jokbo', 'demo') };
    // npm runs scripts at the root; a relative path means the folder in which the user typed it.
    return { on: values.on, out: resolve(process.env.INIT_CWD ?? process.cwd(), values.out) };
  } catch (error) {
    console.error(`${error.message}\nusage: npm run demo -- [--on local|temporal] [--out DIR]`);
    process.exit(2);
  }
}

const { on, out } = options();
await (on === 'local' ? prepareCommand() : prepare());
const jokbo = join(ROOT, 'apps', 'cli', 'bin', 'jokbo.js');
const args =
  on === 'local'
    ? [jokbo, 'audit', 'test/zoo/programme.yaml', '--out', out, '--work', '.jokbo']
    : ['tools/dist/servers/demo-main.js', out];
const code = await runCommand(process.execPath, args);
if (ANSWERS.has(code)) progress(`the report is ${join(out, 'report.html')}`);
process.exitCode = ANSWERS.has(code) ? 0 : code;
