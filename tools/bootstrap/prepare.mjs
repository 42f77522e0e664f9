import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withLock } from './exclusive-lock.mjs';
import { captureCommand } from './run-command.mjs';
import { dependencyDigest, outputsExist, sourceDigest } from './source-digest.mjs';
import { ROOT, progress, requireNode } from './workspace.mjs';

const LOCK = join(ROOT, '.jokbo', 'prepare.lock');
/** Inside node_modules, so that whoever removes that folder removes the claim that it is complete. */
const INSTALLED = join(ROOT, 'node_modules', '.jokbo-stamp');
const BUILT = join(ROOT, 'node_modules', '.jokbo-build-stamp');
const COMMAND_BUILT = join(ROOT, 'node_modules', '.jokbo-command-stamp');

const COMMAND = join('apps', 'cli');

function stampIs(path, digest) {
  return existsSync(path) && readFileSync(path, 'utf8') === digest;
}

/** The stamp is away while the step runs: a step cut short is repeated. */
async function step(title, stamp, digest, command, args) {
  progress(`${title} (${command} ${args.slice(0, 3).join(' ')}) ...`);
  rmSync(stamp, { force: true });
  const started = Date.now();
  const { code, output } = await captureCommand(command, args);
  if (code !== 0) {
    process.stderr.write(output);
    progress(`${title} failed with exit code ${code}`);
    process.exit(code);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
  progress(`${title}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

async function install() {
  const digest = dependencyDigest();
  if (stampIs(INSTALLED, digest)) return;
  const command = existsSync(join(ROOT, 'package-lock.json')) ? 'ci' : 'install';
  // A production setting of the user would leave the build tools out.
  const args = [command, '--no-audit', '--no-fund', '--include=dev'];
  await step('installing dependencies', INSTALLED, digest, 'npm', args);
}

async function build() {
  const digest = sourceDigest();
  if (stampIs(BUILT, digest) && outputsExist()) return;
  await step('building', BUILT, digest, 'nx', ['run-many', '-t', 'build', 'bundle']);
}

/** What `jokbo` alone needs, by one compiler and without its checks, which every build and test makes. */
async function buildCommand() {
  const digest = sourceDigest();
  if (stampIs(COMMAND_BUILT, digest) && existsSync(join(ROOT, COMMAND, 'dist'))) return;
  const args = ['-b', '--noCheck', join(COMMAND, 'tsconfig.lib.json')];
  await step('building', COMMAND_BUILT, digest, 'tsc', args);
}

function isPrepared() {
  return stampIs(INSTALLED, dependencyDigest()) && stampIs(BUILT, sourceDigest()) && outputsExist();
}

/** Makes `jokbo` ready to run, in a quarter of the time of {@link prepare}. */
export async function prepareCommand() {
  requireNode();
  if (isPrepared()) return;
  await withLock(LOCK, async () => {
    await install();
    await buildCommand();
  });
}

/**
 * Makes this checkout ready to run: right Node, dependencies as locked, everything built. Does nothing when
 * that holds already; simultaneous calls take turns. Ends the process with the failing step's exit code.
 */
export async function prepare() {
  requireNode();
  if (isPrepared()) return;
  await withLock(LOCK, async () => {
    await install();
    await build();
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await prepare();
