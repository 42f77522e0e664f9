import { once } from 'node:events';

/**
 * The process of a worker that is loaded and connected to nothing: it begins to work with the first line that it is told,
 * and ends with whoever started it.
 *
 * Arguments: URL of the module whose `main` is the worker, and the worker's own.
 */
const [, , program = '', ...args] = process.argv;
const { main } = (await import(program)) as { main: (argv: readonly string[]) => Promise<number> };
process.stdin.once('end', () => process.exit(1));
await once(process.stdin, 'data');
// What follows is read and left, so that the end is seen.
process.stdin.resume();
process.exitCode = await main(args);
process.exit();
