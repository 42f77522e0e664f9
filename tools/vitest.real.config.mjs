import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { projectConfig } from '../vitest.shared.mjs';

const { test, ...shared } = projectConfig('real');
const TIMEOUT_MS = 15 * 60_000;

/** Tests on published weights: they download several hundred megabytes, so only `npm run test:real` runs them. */
export default defineConfig({
  ...shared,
  root: resolve(dirname(fileURLToPath(import.meta.url)), '..'),
  test: { ...test, include: ['test/real/**/*.spec.ts'], testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS },
});
