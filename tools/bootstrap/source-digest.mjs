import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './workspace.mjs';

/** What a build or an installation writes, and what no build reads. */
const NOT_SOURCE = new Set(['node_modules', 'dist', 'out-tsc', 'bundle', 'coverage', 'zoo', '__pycache__']);
const NOT_BUILT = /\.(spec\.ts|md)$/;
const ROOT_CONFIGURATION = ['package.json', 'package-lock.json', 'nx.json', 'tsconfig.base.json'];

/** Folders of all workspace packages, relative to the root, as the `workspaces` patterns name them. */
export function workspaceFolders() {
  const { workspaces } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return workspaces
    .flatMap((pattern) => {
      if (!pattern.endsWith('/*')) return [pattern];
      const parent = pattern.slice(0, -2);
      if (!existsSync(join(ROOT, parent))) return [];
      return readdirSync(join(ROOT, parent)).map((name) => `${parent}/${name}`);
    })
    .filter((folder) => existsSync(join(ROOT, folder, 'package.json')))
    .sort();
}

function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_SOURCE.has(entry.name) || entry.name.startsWith('.')) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.isFile() && !NOT_BUILT.test(entry.name) ? [path] : [];
  });
}

function digestOf(paths) {
  const hash = createHash('sha256');
  for (const path of [...paths].sort()) {
    if (!existsSync(path)) continue;
    const content = createHash('sha256').update(readFileSync(path)).digest('hex');
    hash.update(`${relative(ROOT, path)}\0${content}\n`);
  }
  return hash.digest('hex');
}

/** Digest of everything that decides what belongs into node_modules. */
export function dependencyDigest() {
  const manifests = workspaceFolders().map((folder) => join(ROOT, folder, 'package.json'));
  return digestOf([join(ROOT, 'package.json'), join(ROOT, 'package-lock.json'), ...manifests]);
}

/** Digest of everything that a build reads: contents, not times, so that a checkout does not count. */
export function sourceDigest() {
  const sources = workspaceFolders().flatMap((folder) => sourceFiles(join(ROOT, folder)));
  return digestOf([...ROOT_CONFIGURATION.map((name) => join(ROOT, name)), ...sources]);
}

/** True when every package that has a build has its output. */
export function outputsExist() {
  return workspaceFolders()
    .filter((folder) => existsSync(join(ROOT, folder, 'tsconfig.lib.json')))
    .every((folder) => existsSync(join(ROOT, folder, 'dist')));
}
