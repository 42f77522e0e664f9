import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { projectConfig } from '../vitest.shared.mjs';

const { test, ...shared } = projectConfig('axe');
/** For one page: the rules look at every cell, and a loaded machine is slow. */
const TIMEOUT_MS = 10 * 60_000;

/** Accessibility of every pair and page with every row: half an hour, so only `npm run test:axe` looks. */
export default defineConfig({
  ...shared,
  root: resolve(dirname(fileURLToPath(import.meta.url)), '..'),
  test: { ...test, include: ['test/axe/**/*.spec.ts'], testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS },
});
